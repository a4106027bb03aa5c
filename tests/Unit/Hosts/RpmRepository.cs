using PostgresHa.Tests.Unit.Components;

namespace PostgresHa.Tests.Unit.Hosts;

/// <summary>
/// A throw-away host of the RHEL family: real dnf and rpm, an empty database of packages, and as its only repository a folder of packages
/// without files, made for the test. The tools of the Debian family, which this machine has, stay where they are.
/// </summary>
internal static class RpmRepository
{
    // As release 9 has it, with the repository's answer counting (not left out when it fails).
    private const string Settings = "[main]\ngpgcheck=0\ninstallonly_limit=3\nclean_requirements_on_remove=True\nbest=True\n"
        + "skip_if_unavailable=False\nretries=1\ntimeout=5\n";

    /// <summary>Why there can be none on this machine; null when there can.</summary>
    public static string? Missing { get; } = ThrowAwayHost.Missing
        ?? (Array.Find(["dnf", "rpm", "rpmbuild", "createrepo_c"], static name => Programs.Find(name) is null) is { } lacking
            ? $"needs {lacking} (Debian's packages dnf, rpm and createrepo-c)" : null);

    /// <summary>A host with the packages to be had.</summary>
    /// <param name="packages">What the repository has.</param>
    /// <param name="release">Its os-release beside the family's.</param>
    public static ThrowAwayHost Host(
        IEnumerable<RpmPackage> packages, string release = "ID=rocky\nVERSION_ID=9.6\nPRETTY_NAME='Rocky Linux 9.6'\n")
    {
        var host = Preflight.Bare(release + "ID_LIKE='rhel centos fedora'\n");
        var spec = "Name: made-for-the-test\nVersion: 1\nRelease: 1\nSummary: none\nLicense: none\nBuildArch: noarch\n"
            + "%description\nnone\n" + string.Concat(packages.Select(Part));
        host.Write("/etc/rpm/macros", "%_dbpath /var/lib/rpm\n").Write("/etc/dnf/dnf.conf", Settings).Write("/srv/made.spec", spec)
            .Write("/etc/yum.repos.d/baseos.repo", "[baseos]\nname=made for the test\nbaseurl=file:///srv/repository\n");
        var made = host.Run("""
            set -e
            cd /srv
            rm -rf /var/lib/rpm /var/cache/dnf
            mkdir -p repository
            rpmbuild --quiet -bb --define '_topdir /srv/build' --define '_rpmdir /srv/repository' made.spec >&2
            createrepo_c --quiet repository >&2
            """);
        Assert.True(made.Code == 0, made.Error);
        return host;
    }

    private static string Part(RpmPackage package) =>
        $"%package -n {package.Name}\nVersion: {package.Version}\nSummary: none\n"
        + string.Concat(package.Provides.Select(static name => $"Provides: {name} = 1\n")) + string
            .Concat(package.Requires.Select(static name => $"Requires: {name}\n"))
        + string.Concat(package.Recommends.Select(static name => $"Recommends: {name}\n"))
        + $"%description -n {package.Name}\nnone\n%files -n {package.Name}\n";
}

/// <summary>A package without files.</summary>
/// <param name="Name">Its name.</param>
internal sealed record RpmPackage(string Name)
{
    public string Version { get; init; } = "999";

    public IReadOnlyList<string> Provides { get; init; } = [];

    public IReadOnlyList<string> Requires { get; init; } = [];

    public IReadOnlyList<string> Recommends { get; init; } = [];
}

/// <summary>A test on a host of <see cref="RpmRepository"/>; skipped, and said why, where there can be none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RpmFactAttribute : FactAttribute
{
    public RpmFactAttribute() => Skip = RpmRepository.Missing;
}

/// <summary>The same for a theory.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RpmTheoryAttribute : TheoryAttribute
{
    public RpmTheoryAttribute() => Skip = RpmRepository.Missing;
}
