"""Prints which programs Python files start: a line `FILE: program NAME` or, where only the running tool knows, `FILE: computed EXPRESSION`."""
import ast
import sys

STARTS = ("run", "Popen", "call", "check_call", "check_output", "execv", "execve", "execvp", "execvpe")


def leftmost(node):
    """The first part of a sum."""
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        node = node.left
    return node


def first(node):
    """The first words of a list of arguments: the program, and the one that runuser starts."""
    word = node.elts[0]
    if not isinstance(word, ast.Constant):
        return ["computed " + ast.unparse(word)]
    values = [element.value if isinstance(element, ast.Constant) else None for element in node.elts]
    rest = first(ast.List(elts=node.elts[values.index("--") + 1:])) if "--" in values[:-1] else []
    return ["program " + word.value] + rest


def words(node):
    """What a call or an assignment tells of programs."""
    if isinstance(node, ast.Assign):
        target = node.targets[0]
        name = target.id if isinstance(target, ast.Name) else getattr(target, "attr", None)
        value = leftmost(node.value)
        return first(value) if name == "command" and isinstance(value, ast.List) else []
    if not isinstance(node, ast.Call) or not node.args or not isinstance(node.func, (ast.Attribute, ast.Name)):
        return []
    name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
    module = node.func.value.id if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name) else None
    value = leftmost(node.args[0])
    if name not in STARTS:
        return []
    if isinstance(value, ast.List) and value.elts:
        return first(value)
    if module == "os" and isinstance(value, ast.Constant):
        return ["program " + value.value]
    return ["computed " + ast.unparse(node.args[0])] if module in ("subprocess", "os") else []


def main():
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as file:
            tree = ast.parse(file.read(), path)
        for node in ast.walk(tree):
            for word in words(node):
                print("%s: %s" % (path, word))


main()
