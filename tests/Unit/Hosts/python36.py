"""Prints what in Python files came after Python 3.6, the python3 of EL8, one finding a line: `FILE:LINE: WHAT (VERSION)`.

By the notes "new in version" and "changed in version" of Python's own documentation. Names that are unmistakable count wherever they stand, the others
behind their module or where they are imported from it.
"""
import ast
import re
import sys

MODULES = {
    "contextvars": "3.7", "dataclasses": "3.7", "importlib.resources": "3.7", "importlib.metadata": "3.8", "graphlib": "3.9", "zoneinfo": "3.9",
    "tomllib": "3.11", "wsgiref.types": "3.11", "compression": "3.14", "annotationlib": "3.14", "concurrent.interpreters": "3.14",
}
# Of a module: functions, classes, constants.
MEMBERS = {
    "asyncio": {"run": "3.7", "create_task": "3.7", "get_running_loop": "3.7", "current_task": "3.7", "all_tasks": "3.7", "to_thread": "3.9", "TaskGroup": "3.11",
                "timeout": "3.11", "Runner": "3.11", "Barrier": "3.11"},
    "base64": {"b32hexencode": "3.10", "b32hexdecode": "3.10"},
    "contextlib": {"nullcontext": "3.7", "asynccontextmanager": "3.7", "AsyncExitStack": "3.7", "AbstractAsyncContextManager": "3.7", "aclosing": "3.10", "chdir": "3.11"},
    "datetime": {"UTC": "3.11"},
    "functools": {"singledispatchmethod": "3.8", "cached_property": "3.8", "cache": "3.9"},
    "glob": {"translate": "3.13"},
    "hashlib": {"file_digest": "3.11"},
    "hmac": {"digest": "3.7"},
    "http.server": {"ThreadingHTTPServer": "3.7"},
    "inspect": {"get_annotations": "3.10"},
    "itertools": {"pairwise": "3.10", "batched": "3.12"},
    "locale": {"getencoding": "3.11"},
    "math": {"remainder": "3.7", "comb": "3.8", "dist": "3.8", "isqrt": "3.8", "perm": "3.8", "prod": "3.8", "lcm": "3.9", "nextafter": "3.9", "ulp": "3.9", "cbrt": "3.11",
             "exp2": "3.11", "sumprod": "3.12"},
    "operator": {"call": "3.11"},
    "os": {"preadv": "3.7", "pwritev": "3.7", "register_at_fork": "3.7", "add_dll_directory": "3.8", "memfd_create": "3.8", "posix_spawn": "3.8", "posix_spawnp": "3.8",
           "pidfd_open": "3.9", "waitstatus_to_exitcode": "3.9", "EFD_CLOEXEC": "3.10", "eventfd": "3.10", "splice": "3.10", "login_tty": "3.11", "unshare": "3.12",
           "setns": "3.12", "process_cpu_count": "3.13", "copy_file_range": "3.8"},
    "queue": {"SimpleQueue": "3.7"},
    "random": {"randbytes": "3.9", "binomialvariate": "3.12"},
    "re": {"NOFLAG": "3.11", "Pattern": "3.8", "Match": "3.8"},
    "shlex": {"join": "3.8"},
    "signal": {"raise_signal": "3.8", "strsignal": "3.8", "valid_signals": "3.8", "pidfd_send_signal": "3.9"},
    "socket": {"close": "3.7", "create_server": "3.8", "has_dualstack_ipv6": "3.8", "send_fds": "3.9", "recv_fds": "3.9", "SO_INCOMING_CPU": "3.11"},
    "ssl": {"TLSVersion": "3.7", "HAS_TLSv1_3": "3.7"},
    "statistics": {"NormalDist": "3.8", "fmean": "3.8", "geometric_mean": "3.8", "multimode": "3.8", "quantiles": "3.8", "correlation": "3.10", "covariance": "3.10"},
    "sys": {"getandroidapilevel": "3.7", "breakpointhook": "3.7", "pycache_prefix": "3.8", "unraisablehook": "3.8", "audit": "3.8", "platlibdir": "3.9", "orig_argv": "3.10",
            "stdlib_module_names": "3.10", "exception": "3.11"},
    "threading": {"excepthook": "3.8", "get_native_id": "3.8", "gettrace": "3.10"},
    "time": {"time_ns": "3.7", "monotonic_ns": "3.7", "perf_counter_ns": "3.7", "process_time_ns": "3.7", "clock_gettime_ns": "3.7", "clock_settime_ns": "3.7",
             "thread_time": "3.7", "thread_time_ns": "3.7", "pthread_getcpuclockid": "3.7", "CLOCK_BOOTTIME": "3.7", "CLOCK_PROF": "3.7", "CLOCK_UPTIME": "3.7", "CLOCK_TAI": "3.9"},
    "types": {"NoneType": "3.10", "EllipsisType": "3.10", "UnionType": "3.10", "GenericAlias": "3.9", "CellType": "3.8", "resolve_bases": "3.7", "WrapperDescriptorType": "3.7"},
    "typing": {"ForwardRef": "3.7", "OrderedDict": "3.8", "Final": "3.8", "Literal": "3.8", "Protocol": "3.8", "SupportsIndex": "3.8", "TypedDict": "3.8", "final": "3.8",
               "get_args": "3.8", "get_origin": "3.8", "Annotated": "3.9", "Concatenate": "3.10", "ParamSpec": "3.10", "TypeAlias": "3.10", "TypeGuard": "3.10", "Self": "3.11",
               "Never": "3.11", "Required": "3.11", "NotRequired": "3.11", "assert_never": "3.11", "override": "3.12", "NoReturn": "3.7"},
    "unittest": {"IsolatedAsyncioTestCase": "3.8"},
    "__future__": {"annotations": "3.7"},
}
BUILTINS = {"breakpoint": "3.7", "aiter": "3.10", "anext": "3.10", "EncodingWarning": "3.10", "ExceptionGroup": "3.11",
            "BaseExceptionGroup": "3.11", "PythonFinalizationError": "3.13"}
# Of any object.
METHODS = {
    "isascii": "3.7", "fromisoformat": "3.7", "reconfigure": "3.7", "subnet_of": "3.7", "supernet_of": "3.7", "is_mount": "3.7", "fromisocalendar": "3.8",
    "link_to": "3.8", "removeprefix": "3.9", "removesuffix": "3.9", "is_relative_to": "3.9", "with_stem": "3.9", "hardlink_to": "3.10", "bit_count": "3.10", "add_note": "3.11",
    "walk_up": "3.12", "is_junction": "3.12", "from_uri": "3.13", "full_match": "3.13", "parse_intermixed_args": "3.7",
}
# An argument's name, the calls that it belongs to.
ARGUMENTS = {
    "capture_output": ("3.7", None), "text": ("3.7", ("run", "Popen", "call", "check_call", "check_output")), "initializer": ("3.7", ("ThreadPoolExecutor", "ProcessPoolExecutor")),
    "initargs": ("3.7", ("ThreadPoolExecutor", "ProcessPoolExecutor")), "defaults": ("3.7", ("namedtuple",)), "required": ("3.7", ("add_subparsers",)), "initial": ("3.8", ("accumulate",)),
    "dirs_exist_ok": ("3.8", None), "missing_ok": ("3.8", ("unlink",)), "cancel_futures": ("3.9", None), "exit_on_error": ("3.9", None), "usedforsecurity": ("3.9", None),
    "user": ("3.9", ("run", "Popen", "check_output")), "group": ("3.9", ("run", "Popen", "check_output")), "extra_groups": ("3.9", None), "umask": ("3.9", ("run", "Popen", "check_output")),
    "pipesize": ("3.10", None), "process_group": ("3.11", None), "strict": ("3.10", ("zip",)), "ignore_cleanup_errors": ("3.10", None), "newline": ("3.10", ("write_text",)),
    "key": ("3.10", ("bisect", "insort", "bisect_left", "bisect_right")), "all_errors": ("3.11", None), "delete_on_close": ("3.12", None), "onexc": ("3.12", None),
    "force": ("3.8", ("basicConfig",)), "dir_fd": ("3.11", ("rmtree",)), "root_dir": ("3.10", ("glob", "iglob")), "include_hidden": ("3.11", None),
    "filter": ("3.12", ("extractall", "extract")), "sep": ("3.8", ("hex",)), "bytes_per_sep": ("3.8", None),
}
GENERIC = {"list", "dict", "tuple", "set", "frozenset", "type"}
# Of the standard library what is not in it everywhere, or was taken out by now.
GONE = {"distutils": "3.12", "imp": "3.12", "asyncore": "3.12", "asynchat": "3.12", "smtpd": "3.12", "cgi": "3.13", "crypt": "3.13", "pipes": "3.13", "telnetlib": "3.13",
        "spwd": "3.13", "nis": "3.13", "xdrlib": "3.13", "uu": "3.13"}


class Finder(ast.NodeVisitor):
    """Collects findings of one file."""

    def __init__(self, source):
        self.source = source
        self.found = []
        self.modules = {}

    def add(self, node, what, version):
        if version:
            self.found.append((node.lineno, what, version))

    def module(self, node, name):
        parts = name.split(".")
        for end in range(1, len(parts) + 1):
            self.add(node, "module " + ".".join(parts[:end]), MODULES.get(".".join(parts[:end])))
        self.add(node, "module %s, which is gone" % parts[0], GONE.get(parts[0]))

    def visit_Import(self, node):
        for alias in node.names:
            self.module(node, alias.name)
            self.modules[alias.asname or alias.name.split(".")[0]] = alias.name if alias.asname else alias.name.split(".")[0]
            self.modules[alias.name] = alias.name

    def visit_ImportFrom(self, node):
        self.module(node, node.module or "")
        for alias in node.names:
            self.module(node, "%s.%s" % (node.module, alias.name))
            self.add(node, "%s.%s" % (node.module, alias.name), MEMBERS.get(node.module, {}).get(alias.name))

    def visit_Attribute(self, node):
        module = self.modules.get(ast.unparse(node.value))
        if module is not None:
            self.add(node, "%s.%s" % (module, node.attr), MEMBERS.get(module, {}).get(node.attr))
            self.add(node, "module %s.%s" % (module, node.attr), MODULES.get("%s.%s" % (module, node.attr)))
            if (module, node.attr) != ("os", "readlink"):
                self.add(node, "." + node.attr, METHODS.get(node.attr))
        else:
            self.add(node, "." + node.attr, METHODS.get(node.attr))
            # os.readlink is old, that of a path is not.
            self.add(node, ".readlink", "3.9" if node.attr == "readlink" else None)
        self.generic_visit(node)

    def visit_Name(self, node):
        self.add(node, node.id, BUILTINS.get(node.id))

    def visit_Call(self, node):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        for keyword in node.keywords:
            version, calls = ARGUMENTS.get(keyword.arg, (None, ()))
            if calls is None or name in calls:
                self.add(node, "%s(%s=)" % (name, keyword.arg), version)
        if name == "hex" and isinstance(node.func, ast.Attribute) and node.args:
            self.add(node, "hex(separator)", "3.8")
        self.generic_visit(node)

    def visit_NamedExpr(self, node):
        self.add(node, ":=", "3.8")
        self.generic_visit(node)

    def visit_Subscript(self, node):
        if isinstance(node.value, ast.Name) and node.value.id in GENERIC:
            self.add(node, "%s[…]" % node.value.id, "3.9")
        self.generic_visit(node)

    def visit_BinOp(self, node):
        if isinstance(node.op, ast.BitOr):
            sides = (node.left, node.right)
            if any(isinstance(side, (ast.Dict, ast.DictComp)) or (isinstance(side, ast.Call) and getattr(side.func, "id", "") == "dict") for side in sides):
                self.add(node, "dict | dict", "3.9")
            if any(isinstance(side, ast.Constant) and side.value is None for side in sides):
                self.add(node, "… | None", "3.10")
        self.generic_visit(node)

    def visit_JoinedStr(self, node):
        text = ast.get_source_segment(self.source, node) or ""
        if re.search(r"(?<!\{)\{[^{}'\"]*[^=!<>{}'\"]=\s*(![rsa])?(:[^{}]*)?\}", text):
            self.add(node, "f-string with {…=}", "3.8")
        self.generic_visit(node)

    def arguments(self, node):
        if node.args.posonlyargs:
            self.add(node, "positional-only parameters", "3.8")
        if node.name in ("__getattr__", "__class_getitem__"):
            self.add(node, node.name, "3.7")
        self.generic_visit(node)

    visit_FunctionDef = arguments
    visit_AsyncFunctionDef = arguments

    def visit_Return(self, node):
        if isinstance(node.value, ast.Tuple) and any(isinstance(element, ast.Starred) for element in node.value.elts):
            self.add(node, "return with * and no parentheses", None if (ast.get_source_segment(self.source, node.value) or "").startswith("(") else "3.8")
        self.generic_visit(node)


def modules(tree):
    """The modules of other origin than the standard library that are imported."""
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module] if isinstance(node, ast.ImportFrom) else []
        for name in names:
            if name.split(".")[0] not in sys.stdlib_module_names:
                yield node.lineno, name


def main():
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as file:
            source = file.read()
        try:
            ast.parse(source, path, feature_version=(3, 6))
        except SyntaxError as error:
            print("%s:%s: %s (syntax)" % (path, error.lineno, error.msg))
        try:
            tree = ast.parse(source, path)
        except SyntaxError:
            continue
        finder = Finder(source)
        finder.visit(tree)
        for line, what, version in sorted(set(finder.found)):
            print("%s:%d: %s (%s)" % (path, line, what, version))
        for line, name in modules(tree):
            print("%s:%d: imports %s" % (path, line, name))


main()
