using System.Text;
using PostgresHa.Components;
using PostgresHa.Components.Remote;
using PostgresHa.Tests.Unit.Components;

namespace PostgresHa.Tests.Unit.Hosts;

/// <summary>
/// The tools in Python run with the system's own interpreter, which is 3.6 in EL8, and need nothing but its standard library.
/// </summary>
public sealed class PythonTests
{
    private const string Interpreter = "#!/usr/bin/python3\n";

    // What is not in the standard library, and whose interpreter has it.
    private static readonly Dictionary<string, string> Foreign = new(StringComparer.Ordinal)
    {
        ["patroni-dynamic.py: imports yaml"] = "Patroni's, by which the tools that load it are run",
        ["drill-nft.py: imports nftables"] = "firewalld's, by which it is run where there is no program nft",
        ["firewall-rules.py: imports firewall.client"] = "firewalld's, by which firewall-apply runs it",
    };

    private static IEnumerable<string> Files =>
        Directory.EnumerateFiles(Path.Join(Repository.Root, "templates"), "*.py", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal);

    [ProgramFact("python3")]
    public void They_run_under_Python_3_6()
    {
        string[] found = [.. Findings([.. Files]).Where(static line => !Foreign.Keys.Any(known => Short(line) == known))];
        Assert.Empty(found);
    }

    [ProgramTheory("python3")]
    [InlineData("import subprocess\nsubprocess.run(['x'], capture_output=True)", "capture_output=) (3.7)")]
    [InlineData("import subprocess\nsubprocess.run(['x'], text=True)", "text=) (3.7)")]
    [InlineData("import asyncio\nasyncio.run(x())", "asyncio.run (3.7)")]
    [InlineData("import dataclasses", "module dataclasses (3.7)")]
    [InlineData("from dataclasses import dataclass", "module dataclasses (3.7)")]
    [InlineData("from __future__ import annotations", "__future__.annotations (3.7)")]
    [InlineData("import importlib.resources", "module importlib.resources (3.7)")]
    [InlineData("from importlib import metadata", "module importlib.metadata (3.8)")]
    [InlineData("import importlib\nimportlib.resources.files('x')", "module importlib.resources (3.7)")]
    [InlineData("if (x := 1) > 0: pass", "(syntax)")]
    [InlineData("def f(a, /, b): pass", "(syntax)")]
    [InlineData("match x:\n  case 1: pass", "(syntax)")]
    [InlineData("print(f'{x=}')", "f-string with {…=} (3.8)")]
    [InlineData("print(f'{x = !r}')", "f-string with {…=} (3.8)")]
    [InlineData("import datetime\ndatetime.datetime.fromisoformat('x')", ".fromisoformat (3.7)")]
    [InlineData("'abc'.removeprefix('a')", ".removeprefix (3.9)")]
    [InlineData("import time\ntime.time_ns()", "time.time_ns (3.7)")]
    [InlineData("import time as t\nt.time_ns()", "time.time_ns (3.7)")]
    [InlineData("breakpoint()", "breakpoint (3.7)")]
    [InlineData("import math\nmath.prod([1])", "math.prod (3.8)")]
    [InlineData("from shlex import join", "shlex.join (3.8)")]
    [InlineData("import functools\n@functools.cache\ndef f(): pass", "functools.cache (3.9)")]
    [InlineData("x = dict(a=1) | {}", "dict | dict (3.9)")]
    [InlineData("def f(x: str | None): pass", "… | None (3.10)")]
    [InlineData("def f(x: list[str]): pass", "list[…] (3.9)")]
    [InlineData("from zoneinfo import ZoneInfo", "module zoneinfo (3.9)")]
    [InlineData("import pathlib\npathlib.Path('x').readlink()", ".readlink (3.9)")]
    [InlineData("from contextlib import nullcontext", "contextlib.nullcontext (3.7)")]
    [InlineData("import collections\ncollections.namedtuple('A', 'x', defaults=[1])", "defaults=) (3.7)")]
    [InlineData("from concurrent.futures import ThreadPoolExecutor\nThreadPoolExecutor(initializer=print)", "initializer=) (3.7)")]
    [InlineData("import sys\nsys.stdout.reconfigure(errors='x')", ".reconfigure (3.7)")]
    [InlineData("from http.server import ThreadingHTTPServer", "http.server.ThreadingHTTPServer (3.7)")]
    [InlineData("def f():\n  return 1, *x", "return with * and no parentheses (3.8)")]
    [InlineData("import crypt", "module crypt, which is gone (3.13)")]
    [InlineData("import requests", "imports requests")]
    public void What_came_later_is_found(string code, string finding) =>
        Assert.Contains(finding, string.Join('\n', FindingsOf(code)), StringComparison.Ordinal);

    [ProgramTheory("python3")]
    [InlineData("import os\nos.readlink('x')")]
    [InlineData("print(f'{x}={y!r} {x:>10} {{a=}}')")]
    [InlineData("import subprocess\nsubprocess.run(['x'], stdout=subprocess.PIPE, universal_newlines=True)")]
    [InlineData("x = 1 | 2\nreturn_value = [1][0]\nvalues = {1: 2}[1]")]
    [InlineData("def f(first, second):\n  return first, second")]
    public void What_3_6_has_is_not(string code) => Assert.Empty(FindingsOf(code));

    [Fact]
    public void One_interpreter_runs_them_all()
    {
        // No search of a path, in which an administrator's own Python may come first; and a package that is asked for brings this one.
        string[] others =
        [
            .. Files.Where(static file => !File.ReadAllText(file).StartsWith(Interpreter, StringComparison.Ordinal))
                .Select(static file => Path.GetFileName(file)),
        ];
        Assert.Equal(["firewall-rules.py"], others);
        Assert.Contains(HostPackages.All, static package => package is { Debian: "python3", Rhel: "python3" });
    }

    /// <summary>
    /// The tools that read YAML: with pip Patroni's Python is the environment's, in the PostgreSQL project's packages for EL8 and EL9
    /// python3.12.
    /// </summary>
    [HostTheory]
    [InlineData("/opt/patroni/bin/patroni")]
    [InlineData("/usr/bin/patroni")]
    public void The_tool_with_YAML_runs_with_Patronis_own_Python(string patroni)
    {
        using var host = new ThrowAwayHost();
        // Only this Python has a yaml; the system's one must not be asked.
        var ended = host.Run(
            $"""
            set -e
            mkdir -p /opt/test/yaml "$(dirname {patroni})"
            echo 'x = 1' >/opt/test/yaml/__init__.py
            printf '#!/bin/sh\nPYTHONPATH=/opt/test exec /usr/bin/python3 -S "$@"\n' >/opt/test/python
            chmod 755 /opt/test/python
            printf '#!/opt/test/python -s\n' >{patroni}
            {HostPaths.Tool("patroni-reconcile")} --help
            """);
        Assert.True(ended.Code == 0, ended.Output + ended.Error);
        Assert.Contains("usage: patroni-reconcile", ended.Output, StringComparison.Ordinal);
    }

    [HostFact]
    public void Without_Patroni_it_says_so_in_one_line()
    {
        using var host = new ThrowAwayHost();
        var ended = host.Run($"rm -rf /opt/patroni /usr/bin/patroni; {HostPaths.Tool("patroni-reconcile")} --help");
        Assert.Equal(1, ended.Code);
        Assert.StartsWith(
            "error: neither /opt/patroni/bin/patroni nor /usr/bin/patroni runs on ",
            Assert.Single(ended.Error.TrimEnd().Split('\n')),
            StringComparison.Ordinal);
    }

    private static string Short(string line)
    {
        var parts = line.Split(':', 3);
        return Path.GetFileName(parts[0]) + ":" + parts[2];
    }

    private static string[] Findings(IReadOnlyList<string> files) =>
        Encoding.UTF8.GetString(
            Programs.Answer(
                Programs.Path("python3"), [], ["-X", "utf8", Path.Join(Repository.Root, "tests/Unit/Hosts/python36.py"), .. files]))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string[] FindingsOf(string code)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, code + "\n");
            return Findings([file]);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
