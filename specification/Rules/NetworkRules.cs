using System.Globalization;

namespace PostgresHa.Specification;

/// <summary>Client networks and addresses of downloads.</summary>
internal static class NetworkRules
{
    public static void Check(ClusterSpecification draft, Findings findings)
    {
        CheckClients(draft, findings);
        if (findings.Good("firewall.mode") && draft.Firewall.Mode == FirewallMode.Disabled)
        {
            findings.Warn(
                "firewall.mode",
                "disabled",
                "leaves etcd and Patroni's API open to whoever reaches the hosts",
                "let another firewall admit the hosts only to their ports, and write untouched; or managed");
        }

        var mirrors = draft.Mirrors;
        foreach (var (path, mirror) in ((string, string?)[])
        [
            ("mirrors.postgres", mirrors.Postgres), ("mirrors.etcd", mirrors.Etcd), ("mirrors.pip", mirrors.Pip),
            ("mirrors.go", mirrors.Go),
            ("mirrors.artefacts", mirrors.Artefacts),
        ])
        {
            if (mirror is { } address && Problem(address) is { } problem)
            {
                findings.Add(path, problem.Secret ? null : Scalars.Show(address), problem.Text, problem.Remedy);
            }
        }
    }

    private static void CheckClients(ClusterSpecification draft, Findings findings)
    {
        var networks = draft.Firewall.ClientNetworks;
        var path = "firewall.clientNetworks";
        if (!draft.Written.Contains(path) || !findings.Good(path))
        {
            return;
        }

        if (networks.Count == 0)
        {
            findings.Add(path, null, "is empty, so that nobody could connect", "name at least one network, or leave it out for the VIP's");
        }

        var seen = new HashSet<Ipv4Network>();
        for (var i = 0; i < networks.Count; i++)
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]");
            var text = networks[i];
            if (!Ipv4Network.TryParse(text, out var network, out var exact))
            {
                findings.Add(
                    at,
                    Scalars.Show(text),
                    "is not an IPv4 network",
                    Ipv4.TryParse(text, out _) ? $"write {text}/32 for one address" : "write CIDR notation, for instance 10.0.0.0/19");
            }
            else if (network.Prefix == 0)
            {
                findings.Add(
                    at,
                    text,
                    "would open the database to every address there is",
                    "name the clients' networks; where that is really meant, write 0.0.0.0/1 and 128.0.0.0/1");
            }
            else if (!exact)
            {
                findings.Add(
                    at, text, "has bits set below its prefix", $"write {network}, or {text.Split('/')[0]}/32 for that one address");
            }
            else if (network.Address == 0 && network.Prefix >= 8)
            {
                // 0.0.0.0/24 looks like "everything" and matches next to nothing.
                findings.Add(at, text, "matches no address of a host", "name the clients' networks, for instance 10.0.0.0/19");
            }
            else if (!seen.Add(network))
            {
                findings.Add(at, text, "is there twice", "keep one of them");
            }
        }
    }

    private static (string Text, string Remedy, bool Secret)? Problem(string address)
    {
        const string Remedy = "write an address that begins with http:// or https://";
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri)
            || uri.Scheme is not ("http" or "https")
            || uri.Host.Length == 0
            || address.Any(letter => !char.IsAscii(letter) || char.IsWhiteSpace(letter) || letter is '\'' or '"' or '\\' or '`' or '$'))
        {
            return ("is not a web address", Remedy, false);
        }

        if (uri.UserInfo.Length > 0)
        {
            return (
                "has a user or password in it, which every reader of the stack file would see", "use a mirror that asks for none", true);
        }

        if (uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            return ("has a query or fragment", "write the address without ? and #", false);
        }

        return address.EndsWith('/') ? ("ends with a slash", $"write {address.TrimEnd('/')}", false) : null;
    }
}
