using System.Globalization;
using PostgresHa.Components;
using PostgresHa.Specification;

namespace PostgresHa.Cli.Bill;

/// <summary>
/// What the hosts have, as one CycloneDX document: each host a device that depends on what the stack has put there. What several hosts
/// have alike is one component, and its property <see cref="HostsProperty"/> names them; what differs in anything is another one.
/// </summary>
internal sealed class BillOfMaterials
{
    /// <summary>Property with the names of the hosts that a component is on, with commas between them.</summary>
    public const string HostsProperty = Prefix + "hosts";

    private const string Prefix = "postgres-ha:";

    private readonly ClusterSpecification _cluster;
    private readonly SortedDictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, SortedSet<string>> _dependencies = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _incomplete = new(StringComparer.Ordinal);

    private BillOfMaterials(ClusterSpecification cluster) => _cluster = cluster;

    /// <summary>The document.</summary>
    /// <param name="cluster">The cluster: what its stack file asks for.</param>
    /// <param name="answers">Its hosts with what they have.</param>
    /// <param name="now">The time of the answers.</param>
    public static BomDocument Of(
        ClusterSpecification cluster, IReadOnlyList<(HostSpecification Host, HostBill Bill)> answers, DateTimeOffset now)
    {
        var bill = new BillOfMaterials(cluster);
        foreach (var (host, found) in answers)
        {
            bill.Add(host, found);
        }

        // After all that is needed to run: what was used to compile may be that as well.
        foreach (var (host, found) in answers)
        {
            bill.AddTools(host, found);
        }

        return bill.Document(now);
    }

    private BomDocument Document(DateTimeOffset now)
    {
        var root = new BomComponent("platform", _cluster.Name, null) { BomRef = "cluster" };
        var program = typeof(BillOfMaterials).Assembly.GetName();
        return new BomDocument
        {
            Metadata = new BomMetadata(
                now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                [new BomPhase("operations")],
                new BomTools([new BomComponent("application", program.Name!, program.Version!.ToString(3))]),
                root),
            Components = [.. _entries.Values.Select(static entry => entry.Component)],
            Dependencies =
            [
                new BomDependency(root.BomRef, [.. _cluster.Hosts.Select(Reference).Order(StringComparer.Ordinal)]),
                .. _dependencies.Select(static pair => new BomDependency(pair.Key, [.. pair.Value])),
            ],
            Compositions = [new BomComposition("incomplete", [.. _incomplete])],
        }.Numbered();
    }

    private void Add(HostSpecification host, HostBill found)
    {
        var own = Reference(host);
        _entries[own] = new Entry(new BomComponent("device", host.Name, null) { BomRef = own });
        // The distribution's other packages are not the stack's.
        _incomplete.Add(own);
        Depend(own, Put(host, new BomComponent("operating-system", found.System.Id, found.System.Version)
        {
            Properties = [Property("title", found.System.Title)],
        }));
        foreach (var package in found.Packages)
        {
            Depend(own, Put(host, Package(host, found.System, package)));
        }

        foreach (var build in found.Postgres)
        {
            var postgres = Put(host, Postgres(build));
            Depend(own, postgres);
            foreach (var library in build.Libraries)
            {
                Depend(postgres, Put(host, Package(host, found.System, library)));
            }
        }

        if (found.Etcd is { } built)
        {
            AddEtcd(host, own, built);
        }

        var patroni = found.Python.FirstOrDefault(static package => package.Name == "patroni");
        if (patroni is not null)
        {
            var program = Put(host, Python(patroni));
            Depend(own, program);
            foreach (var package in found.Python.Where(package => package != patroni))
            {
                Depend(program, Put(host, Python(package)));
            }
        }
    }

    private void AddEtcd(HostSpecification host, string own, InstalledEtcd built)
    {
        var etcd = Put(host, Etcd(built));
        Depend(own, etcd);
        if (built.Go.Length > 0)
        {
            // The toolchain's own library, which is in every program that it makes.
            Depend(etcd, Put(host, new BomComponent("library", "std", built.Go)
            {
                Purl = PackageUrl.Go("std", built.Go),
                Licenses = [BomLicence.Spdx("BSD-3-Clause")],
            }));
        }

        foreach (var module in built.Modules)
        {
            Depend(etcd, Put(host, new BomComponent("library", module.Name, module.Version)
            {
                Purl = PackageUrl.Go(module.Name, module.Version),
            }));
        }

        if (built.Modules.Count == 0)
        {
            _incomplete.Add(etcd);
        }
    }

    private void AddTools(HostSpecification host, HostBill found)
    {
        IEnumerable<(BomComponent Program, InstalledProgram Build)> programs =
        [
            .. found.Postgres.Select(build => (Postgres(build), (InstalledProgram)build)),
            .. found.Etcd is { } etcd ? [(Etcd(etcd), etcd)] : Array.Empty<(BomComponent, InstalledProgram)>(),
        ];
        foreach (var (program, build) in programs)
        {
            foreach (var package in build.BuiltWith)
            {
                var plain = Package(host, found.System, package);
                Depend(
                    BomDocument.Reference(program),
                    Put(host, _entries.ContainsKey(BomDocument.Reference(plain)) ? plain : plain with { Scope = "excluded" }));
            }
        }
    }

    private BomComponent Postgres(InstalledPostgres build)
    {
        return Program(
            build,
            new BomComponent("application", "postgresql", build.Version)
            {
                Cpe = $"cpe:2.3:a:postgresql:postgresql:{build.Version}:*:*:*:*:*:*:*",
                Purl = $"pkg:generic/postgresql@{build.Version}",
                Licenses = [BomLicence.Spdx("PostgreSQL")],
            },
            [new BomReference("source-distribution", Shown(PostgresFiles.Source(_cluster)), [BomHash.Sha256(_cluster.Postgres.Sha256)])],
            [
                .. build.Used ? Array.Empty<BomProperty>() : [Property("use", "left to a server that was started with it")],
                .. build.Flags.Select(static flag => Property("configure", flag)),
                .. build.Compiler is { } compiler ? [Property("compiler", compiler)] : Array.Empty<BomProperty>(),
            ]);
    }

    private BomComponent Etcd(InstalledEtcd build)
    {
        var (specification, source) = (_cluster.Etcd, _cluster.Mirrors.Etcd);
        return Program(
            build,
            new BomComponent("application", "etcd", build.Version)
            {
                Cpe = $"cpe:2.3:a:etcd:etcd:{build.Version}:*:*:*:*:*:*:*",
                Purl = $"pkg:github/etcd-io/etcd@v{build.Version}",
                Licenses = [BomLicence.Spdx("Apache-2.0")],
            },
            [
                .. specification.Sha256 is { } sum
                    ?
                    [
                        new BomReference(
                            specification.Method == EtcdMethod.Source ? "source-distribution" : "distribution",
                            Shown(source),
                            [BomHash.Sha256(sum)]),
                    ]
                    : Array.Empty<BomReference>(),
                .. EtcdFiles.Patches(specification) is { } patches
                    ? [new BomReference("source-distribution", Shown(EtcdFiles.PatchesUrl(source)), [BomHash.Sha256(patches)])]
                    : Array.Empty<BomReference>(),
            ],
            [Property("go", build.Go)]);
    }

    private static BomComponent Program(
        InstalledProgram build, BomComponent component, IReadOnlyList<BomReference> sources, IReadOnlyList<BomProperty> properties) =>
        component with
        {
            Hashes = [BomHash.Sha256(build.Sha256)],
            // What another stack file had it made from, this one does not know.
            ExternalReferences = build.AsWanted ? sources : null,
            Properties =
            [
                Property("path", build.Path), Property("built", build.AsWanted ? "as the stack file says" : "by another stack file"),
                .. properties,
            ],
        };

    private static BomComponent Package(HostSpecification host, InstalledSystem system, InstalledPackage package) =>
        new("application", package.Name, package.Version)
        {
            Purl = PackageUrl.Of(host.System == SystemFamily.Debian ? "deb" : "rpm", system, package),
            Licenses = package.Licence.Length > 0 ? [BomLicence.Named(package.Licence)] : null,
        };

    private static BomComponent Python(InstalledPython package)
    {
        var isPatroni = package.Name == "patroni";
        return new BomComponent(isPatroni ? "application" : "library", package.Name, package.Version)
        {
            Purl = PackageUrl.Python(package.Name, package.Version),
            Licenses = package.Licence is { Length: > 0 } licence ? [new BomLicence(null, licence)]
                : isPatroni ? [BomLicence.Spdx("MIT")]
                : null,
        };
    }

    // User and password of a mirror, and whatever a query may hold, are nobody's who reads the bill.
    private static string Shown(string url) =>
        new Uri(url).GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    private static BomProperty Property(string name, string value) => new(Prefix + name, value);

    private static string Reference(HostSpecification host) => "host:" + host.Name;

    private string Put(HostSpecification host, BomComponent component)
    {
        var reference = BomDocument.Reference(component);
        if (!_entries.TryGetValue(reference, out var entry))
        {
            _entries[reference] = entry = new Entry(component with { BomRef = reference });
        }

        entry.Hosts.Add(host.Name);
        return reference;
    }

    private void Depend(string component, string on)
    {
        if (!_dependencies.TryGetValue(component, out var all))
        {
            _dependencies[component] = all = new SortedSet<string>(StringComparer.Ordinal);
        }

        all.Add(on);
    }

    private sealed class Entry(BomComponent component)
    {
        public SortedSet<string> Hosts { get; } = new(StringComparer.Ordinal);

        // A host itself is on none.
        public BomComponent Component => Hosts.Count == 0
            ? component
            : component with { Properties = [.. component.Properties ?? [], new BomProperty(HostsProperty, string.Join(',', Hosts))] };
    }
}
