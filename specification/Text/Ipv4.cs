using System.Globalization;

namespace PostgresHa.Specification;

/// <summary>
/// IPv4 addresses in strict dotted form: four decimal numbers without leading zeros, nothing else that a resolver might take for one.
/// </summary>
public static class Ipv4
{
    /// <summary>Reads an address.</summary>
    /// <param name="text">The text, for instance <c>10.0.12.9</c>.</param>
    /// <param name="address">The address as a number, its first part the highest byte.</param>
    /// <returns>False when the text is none.</returns>
    public static bool TryParse(string text, out uint address)
    {
        address = 0;
        var parts = text.Split('.');
        if (parts.Length != 4)
        {
            return false;
        }

        foreach (var part in parts)
        {
            if (!byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                || (part.Length > 1 && part[0] == '0'))
            {
                return false;
            }

            address = (address << 8) | number;
        }

        return true;
    }

    /// <summary>The dotted form of an address.</summary>
    /// <param name="address">The address as a number.</param>
    /// <returns>For instance <c>10.0.12.9</c>.</returns>
    public static string Format(uint address) =>
        string.Create(CultureInfo.InvariantCulture, $"{address >> 24}.{(address >> 16) & 255}.{(address >> 8) & 255}.{address & 255}");
}

/// <summary>An IPv4 network.</summary>
/// <param name="Address">Its lowest address; no bit below the prefix is set.</param>
/// <param name="Prefix">Length of the prefix, 0 to 32.</param>
public readonly record struct Ipv4Network(uint Address, int Prefix)
{
    /// <summary>The network's highest address.</summary>
    public uint Broadcast => Address | ~Mask(Prefix);

    /// <summary>The network an address lies in.</summary>
    /// <param name="address">Any address of the network.</param>
    /// <param name="prefix">Length of the prefix.</param>
    /// <returns>The network.</returns>
    public static Ipv4Network Of(uint address, int prefix) => new(address & Mask(prefix), prefix);

    /// <summary>Reads CIDR notation; an address with host bits set gives its network, for the caller to compare.</summary>
    /// <param name="text">The text, for instance <c>10.0.0.0/19</c>.</param>
    /// <param name="network">The network.</param>
    /// <param name="exact">False when the text's address has bits below the prefix set.</param>
    /// <returns>False when the text is no CIDR notation.</returns>
    public static bool TryParse(string text, out Ipv4Network network, out bool exact)
    {
        network = default;
        exact = false;
        var parts = text.Split('/');
        if (parts.Length != 2
            || !Ipv4.TryParse(parts[0], out var address)
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var prefix)
            || prefix > 32
            || (prefix < 10 ? 1 : 2) != parts[1].Length)
        {
            return false;
        }

        network = Of(address, prefix);
        exact = network.Address == address;
        return true;
    }

    /// <summary>Whether an address lies in the network.</summary>
    /// <param name="address">The address.</param>
    /// <returns>True when it does.</returns>
    public bool Contains(uint address) => (address & Mask(Prefix)) == Address;

    /// <summary>The network in CIDR notation.</summary>
    /// <returns>For instance <c>10.0.0.0/19</c>.</returns>
    public override string ToString() => Ipv4.Format(Address) + "/" + Prefix.ToString(CultureInfo.InvariantCulture);

    private static uint Mask(int prefix) => prefix == 0 ? 0 : uint.MaxValue << (32 - prefix);
}
