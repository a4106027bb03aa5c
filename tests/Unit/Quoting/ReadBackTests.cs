using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PostgresHa.Components;
using PostgresHa.Specification;
using PostgresHa.Tests.Unit.Components;
using PostgresHa.Tests.Unit.Specification;

namespace PostgresHa.Tests.Unit.Quoting;

/// <summary>
/// Whatever a value is made of, whoever reads its file reads that value: shell, Python's YAML, our reader of environment files, JSON.
/// </summary>
public sealed class ReadBackTests
{
    private static readonly string[] HostNames =
    [
        "101", "12e5", "0x10", "1-2", "null", "true", "yes", "on", "y", "0b1", "1e3", "inf", "nan", "2024-01-01", "0", "a",
    ];

    [Fact]
    public void A_shell_reads_every_word_of_a_command_line()
    {
        var line = "printf '%s\\0' " + Shell.Join([.. Samples.Texts, "", "two\nlines"]);

        var read = Encoding.UTF8.GetString(Programs.Answer("/bin/sh", Encoding.UTF8.GetBytes(line))).Split('\0');

        Assert.Equal([.. Samples.Texts, "", "two\nlines"], read[..^1]);
    }

    [ProgramFact("python3", module: "yaml")]
    public void Patronis_YAML_reads_every_parameter_as_the_text_it_is()
    {
        var parameters = new JsonObject();
        for (var i = 0; i < Samples.Texts.Count; i++)
        {
            parameters[$"sample.p{i}"] = Samples.Texts[i];
        }

        var cluster = Yaml.Valid(Yaml.With("postgres.parameters", parameters.ToJsonString()));
        using var config = ReadYaml(PatroniFiles.Config(cluster, cluster.Hosts[0]));
        using var dynamic = ReadYaml(PatroniFiles.DynamicConfiguration(cluster));

        foreach (var root in new[] { config.RootElement.GetProperty("bootstrap").GetProperty("dcs"), dynamic.RootElement })
        {
            var read = root.GetProperty("postgresql").GetProperty("parameters");
            for (var i = 0; i < Samples.Texts.Count; i++)
            {
                var value = read.GetProperty($"sample.p{i}");
                // A whole number stays one, as Patroni expects it of max_connections.
                Assert.Equal(Samples.Texts[i], value.ValueKind == JsonValueKind.Number ? value.GetRawText() : value.GetString());
            }
        }
    }

    [ProgramFact("python3", module: "yaml")]
    public void Patronis_YAML_reads_every_name_as_text()
    {
        foreach (var name in HostNames)
        {
            var cluster = Named(name);
            using var read = ReadYaml(PatroniFiles.Config(cluster, cluster.Hosts[0]));
            Assert.Equal(name, read.RootElement.GetProperty("name").GetString());
            Assert.Equal("10.0.12.9:8008", read.RootElement.GetProperty("restapi").GetProperty("listen").GetString());
        }

        foreach (var name in new[] { "null", "true", "yes", "on", "y", "off", "no", "n", "inf", "nan" })
        {
            var cluster = Yaml.Valid(Yaml.With("name", $"\"{name}\""));
            using var patroni = ReadYaml(PatroniFiles.Config(cluster, cluster.Hosts[0]));
            Assert.Equal(name, patroni.RootElement.GetProperty("scope").GetString());
        }
    }

    [ProgramFact("python3", module: "yaml")]
    public void Lines_of_several_words_are_read_as_they_are()
    {
        string[] lines =
        [
            .. PatroniFiles.HostBasedAuthentication(Yaml.Valid(Yaml.With())), "http://10.0.12.9:2379,http://127.0.0.1:2379",
            "101=http://10.0.12.9:2380", "a=http://10.0.12.9:2380",
            .. Samples.Texts, "a:b", "http://x:", "a, b",
        ];

        using var read = ReadYaml(string.Concat(lines.Select(static line => $"- {YamlScalar.Phrase(line)}\n")));

        Assert.Equal(lines, read.RootElement.EnumerateArray().Select(static line => line.GetString()!));
    }

    [Fact]
    public void A_shell_reads_Patronis_passwords_as_systemd_does()
    {
        // systemd's documentation: the syntax is a shell's between double quotes, with the same four characters escaped.
        foreach (var some in Samples.Passwords.Chunk(5).Where(static chunk => chunk.Length == 5))
        {
            using var folder = new TemporaryProject();
            folder.Write("secrets.env", PatroniFiles.Secrets(Yaml.Valid(Yaml.With()), some[0], some[1], some[2], some[3], some[4]));
            var read = Encoding.UTF8.GetString(Programs.Answer("/bin/sh", Encoding.UTF8.GetBytes(
                $". {folder.Folder}/secrets.env; printf '%s\\n' \"$PATRONI_SUPERUSER_PASSWORD\" \"$PATRONI_REPLICATION_PASSWORD\" "
                + "\"$PATRONI_REWIND_PASSWORD\" "
                + "\"$PATRONI_RESTAPI_PASSWORD\" \"$PATRONI_ETCD3_PASSWORD\"")));
            Assert.Equal(some, read.Split('\n')[..^1]);
        }
    }

    [ProgramFact("python3")]
    public void The_one_reader_of_environment_files_reads_every_password()
    {
        using var folder = new TemporaryProject();
        folder.Write("root.env", EtcdFiles.RootEnvironment(Yaml.Valid(Yaml.With()), Samples.Passwords[^1]));
        folder.Write("secrets.env", PatroniFiles.Secrets(Yaml.Valid(Yaml.With()), Samples.Passwords[^1], "b", "c", "d", "e"));
        // One run of Python for all: a start takes longer than everything else.
        folder.Write(
            "all.env",
            string.Concat(
                Samples.Passwords.Select(
                    static (password, i) => $"A{i}={EnvironmentFile.Value(password)}\nB{i}=\"{EnvironmentFile.Quoted(password)}\"\n")));
        var read = Environment(Path.Join(folder.Folder, "all.env"));

        for (var i = 0; i < Samples.Passwords.Count; i++)
        {
            Assert.Equal(Samples.Passwords[i], read[$"A{i}"]);
            Assert.Equal(Samples.Passwords[i], read[$"B{i}"]);
        }

        Assert.Equal("root:" + Samples.Passwords[^1], Environment(Path.Join(folder.Folder, "root.env"))["ETCDCTL_USER"]);
        Assert.Equal(Samples.Passwords[^1], Environment(Path.Join(folder.Folder, "secrets.env"))["PATRONI_SUPERUSER_PASSWORD"]);
    }

    // No program tells what systemd has read without a running one; the library that its programs share does.
    [SystemdFact]
    public void Systemd_itself_reads_every_password()
    {
        using var folder = new TemporaryProject();
        folder.Write(
            "all.env",
            string.Concat(
                Samples.Passwords.Select(
                    static (password, i) => $"A{i}={EnvironmentFile.Value(password)}\nB{i}=\"{EnvironmentFile.Quoted(password)}\"\n")));
        const string Program = """
            import ctypes, sys
            systemd, libc = ctypes.CDLL(sys.argv[1]), ctypes.CDLL(None)
            libc.fopen.restype = ctypes.c_void_p
            read = ctypes.POINTER(ctypes.c_char_p)()
            path = sys.argv[2].encode()
            file = ctypes.c_void_p(libc.fopen(path, b"r"))
            assert systemd.load_env_file(file, path, ctypes.byref(read)) == 0
            at = 0
            while read[at] is not None:
                sys.stdout.buffer.write(read[at] + b"\0")
                at += 1
            """;

        var answer = Programs.Answer(
            Programs.Path("python3"), [], "-c", Program, SystemdFactAttribute.Library!, Path.Join(folder.Folder, "all.env"));

        Assert.Equal(
            Samples.Passwords.SelectMany(static (password, i) => new[] { $"A{i}={password}", $"B{i}={password}" }),
            Encoding.UTF8.GetString(answer).Split('\0')[..^1]);
    }

    [ProgramFact("python3")]
    public void An_environment_file_is_read_by_systemds_grammar()
    {
        using var folder = new TemporaryProject();
        folder.Write("some.env", """
            # comment
            ; comment
            PLAIN=a b$HOME`id`
              INDENTED = x
            BLANKS=   x
            ESCAPED=a\ b\$c
            SINGLE='a"\b$'
            DOUBLE="a'\"\\\$\`\n"
            JOINED="a"'b'c
            EMPTY=
            NOTHING
            CRLF=x
            """.Replace("CRLF=x", "CRLF=x\r", StringComparison.Ordinal));

        var read = Environment(Path.Join(folder.Folder, "some.env"));

        Assert.Equal("a b$HOME`id`", read["PLAIN"]);
        Assert.Equal("x", read["INDENTED"]);
        Assert.Equal("x", read["BLANKS"]);
        Assert.Equal("a b$c", read["ESCAPED"]);
        Assert.Equal("a\"\\b$", read["SINGLE"]);
        Assert.Equal("a'\"\\$`\\n", read["DOUBLE"]);
        Assert.Equal("abc", read["JOINED"]);
        Assert.Equal("", read["EMPTY"]);
        Assert.Equal("x", read["CRLF"]);
        Assert.DoesNotContain("NOTHING", read.Keys);
    }

    [Fact]
    public void The_tools_get_every_password_as_JSON()
    {
        foreach (var password in Samples.Passwords)
        {
            using var document = JsonDocument.Parse(PatroniFiles.Roles("app", _ => password, []));
            var roles = document.RootElement.GetProperty("roles");
            Assert.Equal(password, roles.GetProperty("superuser").GetProperty("password").GetString());
            Assert.Equal(password, roles.GetProperty("owner").GetProperty("password").GetString());
        }
    }

    [Fact]
    public void No_tool_sources_a_file_with_values()
    {
        // Only our own libraries are: lib, etcd-lib, postgres-lib, artefact-lib; and the system's own description, which is made for it
        // (os-release(5)).
        foreach (var name in Templates.Names(""))
        {
            Assert.DoesNotContain(
                Templates.Read(name).Split('\n'),
                static line =>
                    line.TrimStart() is var code
                    && (code.StartsWith(". ", StringComparison.Ordinal) || code.StartsWith("source ", StringComparison.Ordinal))
                    && !line.Contains(". /usr/local/lib/postgres-ha/", StringComparison.Ordinal) && line.Trim() != ". /etc/os-release");
        }
    }

    /// <summary>The first host has the given name.</summary>
    internal static ClusterSpecification Named(string name) => Yaml.Valid(Yaml.With("hosts[0].name", $"\"{name}\""));

    private static JsonDocument ReadYaml(string yaml) => JsonDocument.Parse(Programs.Answer(
        Programs.Path("python3"), Encoding.UTF8.GetBytes(yaml), "-c",
        "import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.stdin)))"));

    private static Dictionary<string, string> Environment(string file)
    {
        var read = Programs.Answer(
            Programs.Path("python3"), [], Path.Join(Repository.Root, "templates/host/with-environment.py"), file, "/usr/bin/env", "-0");
        return Encoding.UTF8.GetString(read).Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .ToDictionary(static pair => pair.Split('=', 2)[0], static pair => pair.Split('=', 2)[1], StringComparer.Ordinal);
    }
}
