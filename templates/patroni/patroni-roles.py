#!/usr/bin/python3
"""patroni-roles [--passwords] --database NAME --bin DIR --socket DIR --port PORT: roles, passwords, the application's database and PgBouncer's lookup
function. --passwords: only the passwords of roles that are there, before anybody comes with them; where no PostgreSQL runs, or nobody leads, that is left to
the run after it.

Stdin: JSON; roles: by purpose (superuser, replication, rewind, pgbouncer, owner) the role's name and password; lookup: the SQL of PgBouncer's
lookup function; pgbouncer: the version on each host. Runs on every host and writes on the leader's only; on a replica it waits until what the
leader wrote has arrived, so that a leader that moves meanwhile leaves nothing undone.

A password never reaches the server: the verifier is computed here, so that not even a logged statement could show one.
"""
import argparse
import base64
import hashlib
import hmac
import json
import os
import subprocess
import sys
import time

ITERATIONS = 4096
WAIT = 60
# What else an application mends shall not wait for a leader that it may be about to mend.
EARLY_WAIT = 15
ATTRIBUTES = {
    "superuser": "LOGIN SUPERUSER CREATEDB CREATEROLE REPLICATION BYPASSRLS",
    "replication": "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE REPLICATION",
    "rewind": "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION",
    "pgbouncer": "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION",
    "owner": "LOGIN",
}
# What pg_rewind needs, by PostgreSQL's documentation.
REWIND_FUNCTIONS = (
    "pg_catalog.pg_ls_dir(text, boolean, boolean)",
    "pg_catalog.pg_stat_file(text, boolean)",
    "pg_catalog.pg_read_binary_file(text)",
    "pg_catalog.pg_read_binary_file(text, bigint, bigint, boolean)",
)
LOOKUP = "pgbouncer.user_lookup(text)"
# From this version on PgBouncer asks one database (auth_dbname), before it the one that the client wants.
ONE_DATABASE = (1, 19)
HOME = "postgres"
MARK = "postgres-ha "
CLOSED = set()
REMOVAL = "BEGIN;\nDROP FUNCTION " + LOOKUP + """;
SELECT 'DROP SCHEMA pgbouncer' WHERE NOT EXISTS
  (SELECT FROM pg_depend WHERE refclassid = 'pg_namespace'::regclass AND refobjid = 'pgbouncer'::regnamespace) \\gexec
COMMIT;
"""
# Whatever a database or role was given as its own default must not meet this tool: these win over ALTER DATABASE and ALTER ROLE.
OPTIONS = {
    "statement_timeout": "60s",
    "lock_timeout": "30s",
    "transaction_timeout": "0",
    "default_transaction_read_only": "off",
    # A replica refuses serializable.
    "default_transaction_isolation": "read\\ committed",
    "search_path": "pg_catalog",
    "row_security": "on",
    "event_triggers": "off",
}


def fail(text):
    """One clear sentence, then the end."""
    sys.stdout.flush()
    sys.stderr.write("error: %s\n" % text)
    sys.exit(1)


def progress(text):
    """One line as it happens. A database's name may hold anything, and the locale's encoding may know nothing."""
    print(text.encode("ascii", "backslashreplace").decode().replace("\n", "\\n"), flush=True)


class Database:
    """psql as user postgres over the unix socket."""

    def __init__(self, args):
        self.command = ["runuser", "-u", "postgres", "--", args.bin + "/psql", "-XAtq", "-F", "\t", "-v", "ON_ERROR_STOP=1",
                        "-h", args.socket, "-p", args.port]
        options = " ".join("-c %s=%s" % option for option in sorted(OPTIONS.items()))
        self.environment = dict(os.environ, PGOPTIONS=options, PGAPPNAME="postgres-ha", PGCLIENTENCODING="UTF8")

    def run(self, script, database=HOME, **variables):
        """The rows a script returns. Values go in as psql variables, which it quotes itself; all by stdin."""
        lines = ["\\set %s '%s'" % (n, v.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")) for n, v in variables.items()]
        # A verifier is none of a log's business either.
        quiet = "SET log_statement = 'none'; SET log_min_duration_statement = -1; SET log_min_error_statement = 'panic';"
        # A bare name with = in it, or one like a URI, would be read as a whole connection string. Bytes, since the locale may know no UTF-8.
        name = "dbname='%s'" % database.replace("\\", "\\\\").replace("'", "\\'")
        done = subprocess.run(self.command + ["-d", name.encode()], input="\n".join([quiet] + lines + [script, ""]).encode(), stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, check=False, timeout=120, cwd="/", env=self.environment)
        if done.returncode != 0:
            raise RuntimeError(done.stderr.decode(errors="replace").strip())
        return [line.split("\t") for line in done.stdout.decode().split("\n")[:-1]]

    def one(self, script, database=HOME, **variables):
        """The one value a script returns, or None."""
        rows = self.run(script, database, **variables)
        return rows[0][0] if rows else None


def keys(password, salt, iterations):
    """The two keys of SCRAM-SHA-256 (RFC 5802) that a server stores."""
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, iterations)
    stored = hashlib.sha256(hmac.new(salted, b"Client Key", hashlib.sha256).digest()).digest()
    server = hmac.new(salted, b"Server Key", hashlib.sha256).digest()
    return base64.b64encode(stored).decode() + ":" + base64.b64encode(server).decode()


def verifier(password):
    """A fresh verifier."""
    salt = os.urandom(16)
    return "SCRAM-SHA-256$%d:%s$%s" % (ITERATIONS, base64.b64encode(salt).decode(), keys(password, salt, ITERATIONS))


def matches(stored, password):
    """Whether a stored verifier is that of the password."""
    try:
        kind, parameters, found = stored.split("$")
        iterations, salt = parameters.split(":")
        wanted = keys(password, base64.b64decode(salt), int(iterations))
    except ValueError:
        return False
    return kind == "SCRAM-SHA-256" and hmac.compare_digest(found, wanted)


def wrong_roles(database, roles):
    """The purposes whose role is missing, may not log in, or has another password."""
    seen = {row[0]: row for row in database.run("SELECT rolname, rolcanlogin, rolsuper, rolreplication, coalesce(rolpassword, '') FROM pg_authid;")}

    def right(purpose, role):
        row = seen.get(role["name"])
        if row is None or row[1] != "t" or not matches(row[4], role["password"]):
            return False
        superuser, replication = row[2] == "t", row[3] == "t"
        if purpose == "owner":
            return True
        return superuser == (purpose == "superuser") and replication == (purpose in ("superuser", "replication"))
    return [purpose for purpose, role in roles.items() if not right(purpose, role)]


def stale_passwords(database, roles):
    """The purposes whose role is there with another password."""
    seen = dict(database.run("SELECT rolname, coalesce(rolpassword, '') FROM pg_authid;"))
    return [purpose for purpose, role in roles.items() if role["name"] in seen and not matches(seen[role["name"]], role["password"])]


def set_passwords(database, roles):
    """See --passwords."""
    end, answered, changed, last = time.monotonic() + EARLY_WAIT, False, False, "nobody leads"
    while True:
        try:
            stale = stale_passwords(database, roles)
            answered = True
            if not stale:
                print("%s: passwords of the roles" % ("changed" if changed else "unchanged"))
                return
            if database.one("SELECT pg_is_in_recovery();") == "f":
                for purpose in stale:
                    database.run("ALTER ROLE :\"role\" PASSWORD :'verifier';", role=roles[purpose]["name"], verifier=verifier(roles[purpose]["password"]))
                    changed = True
                continue
        except (OSError, RuntimeError, subprocess.TimeoutExpired) as error:
            if not answered:
                print("unchanged: passwords of the roles are set once PostgreSQL runs here")
                return
            # A leader on its way to become a replica, or the reverse: look again.
            last = "timeout" if isinstance(error, subprocess.TimeoutExpired) else str(error)
        if time.monotonic() >= end:
            print("%s: the other passwords of the roles are set at the end; for %d s: %s" % ("changed" if changed else "unchanged", EARLY_WAIT, last))
            return
        time.sleep(0.2)


def databases(database):
    """Every database that one can connect to, template1 first: what is created from it later has the lookup as well."""
    # Limit -2: a DROP DATABASE that was interrupted. As JSON, since a name may hold anything.
    return json.loads(database.one("SELECT json_agg(datname ORDER BY datname <> 'template1', datname) FROM pg_database WHERE datallowconn AND datconnlimit <> -2;"))


def mark(sql):
    """The comment by which a function made from this very text is known."""
    return MARK + hashlib.sha256(sql.encode()).hexdigest()[:16]


def lookups(database):
    """By database, the comment of its lookup function; empty without one."""
    found = {}
    for name in databases(database):
        try:
            found[name] = lookup_comment(database, name)
        except RuntimeError as error:
            # Its own settings may let nobody in, so nobody comes by PgBouncer either. Unless it is the server that does not answer.
            database.one("SELECT 1;")
            if name not in CLOSED:
                progress("left as it is: database %s: %s" % (name, error))
                CLOSED.add(name)
    return found


def lookup_comment(database, name):
    """The comment of a database's lookup function; empty without one."""
    return database.one("SELECT coalesce(pg_catalog.obj_description(pg_catalog.to_regprocedure(:'lookup'), 'pg_proc'), '');", name, lookup=LOOKUP)


def wrong_lookups(database, sql, everywhere):
    """The databases whose lookup function is missing or another."""
    found = lookups(database) if everywhere else {HOME: lookup_comment(database, HOME)}
    return [name for name, comment in found.items() if comment != mark(sql)]


def left_lookups(database, everywhere):
    """The databases with a lookup function of ours that no PgBouncer asks: in a dump it would clash with the one where that is restored."""
    found = {} if everywhere else lookups(database)
    return [name for name, comment in found.items() if name != HOME and comment.startswith(MARK)]


def old(version):
    """Whether a PgBouncer asks the database that the client wants; one that does not say is taken for such."""
    try:
        return tuple(int(part) for part in version.split(".")[:2]) < ONE_DATABASE
    except ValueError:
        return True


def wrong_grants(database, role):
    """Whether pg_rewind's role lacks one of its functions."""
    return [f for f in REWIND_FUNCTIONS if database.one("SELECT has_function_privilege(:'role', :'f', 'EXECUTE');", role=role, f=f) != "t"]


def has_database(database, name):
    """Whether a database exists."""
    return database.one("SELECT 1 FROM pg_database WHERE datname = :'name';", name=name) == "1"


def problems(database, roles, sql, application, everywhere):
    """What is still to be done, in words."""
    wrong = wrong_roles(database, roles)
    found = ["role " + roles[purpose]["name"] for purpose in wrong]
    if not has_database(database, application):
        found.append("database " + application)
    if "rewind" not in wrong and wrong_grants(database, roles["rewind"]["name"]):
        found.append("pg_rewind's grants")
    found += ["lookup function in " + name for name in wrong_lookups(database, sql, everywhere)]
    return found + ["lookup function left in " + name for name in left_lookups(database, everywhere)]


def apply(database, roles, sql, application, everywhere):
    """Does it, on the leader. Each step may have been done by an interrupted run before."""
    for purpose in wrong_roles(database, roles):
        database.run("""
SELECT pg_catalog.format('CREATE ROLE %I', :'role') WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = :'role') \\gexec
ALTER ROLE :"role" WITH """ + ATTRIBUTES[purpose] + """ PASSWORD :'verifier';
""", role=roles[purpose]["name"], verifier=verifier(roles[purpose]["password"]))
    for function in wrong_grants(database, roles["rewind"]["name"]):
        database.run("GRANT EXECUTE ON FUNCTION " + function + ' TO :"role";', role=roles["rewind"]["name"])
    # Before the application's database, which is made from template1 and so has it.
    for name in wrong_lookups(database, sql, everywhere):
        database.run("BEGIN;\n" + sql + "\nCOMMENT ON FUNCTION " + LOOKUP + " IS :'mark';\nCOMMIT;", name, mark=mark(sql))
    for name in left_lookups(database, everywhere):
        database.run(REMOVAL, name)
    if not has_database(database, application):
        database.run('CREATE DATABASE :"name" OWNER :"owner";', name=application, owner=roles["owner"]["name"])


def body():
    """Looks, does what is missing on the leader, waits for it elsewhere."""
    parser = argparse.ArgumentParser()
    for name in ("--database", "--bin", "--socket", "--port"):
        parser.add_argument(name, required=True)
    parser.add_argument("--passwords", action="store_true")
    args = parser.parse_args()
    wanted = json.load(sys.stdin)
    roles, sql = wanted["roles"], wanted["lookup"]
    if args.passwords:
        set_passwords(Database(args), roles)
        return
    everywhere = any(old(version) for version in wanted["pgbouncer"])
    database = Database(args)
    end, found, changed = time.monotonic() + WAIT, ["nothing seen yet"], False
    while True:
        try:
            found = problems(database, roles, sql, args.database, everywhere)
            if not found:
                print("%s: roles and database %s" % ("changed" if changed else "unchanged", args.database))
                return
            if database.one("SELECT pg_is_in_recovery();") == "f":
                progress("writing: " + ", ".join(found))
                apply(database, roles, sql, args.database, everywhere)
                changed = True
                continue
        except (RuntimeError, subprocess.TimeoutExpired) as error:
            # A leader on its way to become a replica, or the reverse: look again.
            found = [error.stderr or "timeout" if isinstance(error, subprocess.TimeoutExpired) else str(error)]
        if time.monotonic() >= end:
            fail("after %d s on this host still missing: %s" % (WAIT, "; ".join(str(f) for f in found)))
        time.sleep(1)


body()
