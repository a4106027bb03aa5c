using System.Security.Cryptography;
using System.Text;
using PostgresHa.StandIns;

namespace PostgresHa.Offline;

/// <summary>Passwords made once and kept in the state.</summary>
internal sealed class RandomPasswordProvider : IResourceProvider
{
    internal const string Type = "random:index/randomPassword:RandomPassword";

    private const string Lower = "abcdefghijklmnopqrstuvwxyz";
    private const string Upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const string Digits = "0123456789";
    private const string Special = "!@#$%&*()-_=+[]{}<>:?";

    // Any other password is another resource.
    public bool Replaces(string input) => true;

    public PropertyValue Preview(PropertyValue inputs) => WithResult(inputs, PropertyValue.Unknown);

    public Task<Made> CreateAsync(string name, PropertyValue inputs, StepContext context) =>
        Task.FromResult(new Made("none", WithResult(inputs, PropertyValue.Of(Generate(inputs)))));

    public Task<PropertyValue> UpdateAsync(ResourceState old, PropertyValue inputs, StepContext context) =>
        Task.FromResult(WithResult(inputs, old.Outputs["result"]));

    public Task DeleteAsync(ResourceState old, StepContext context) => Task.CompletedTask;

    private static PropertyValue WithResult(PropertyValue inputs, PropertyValue result) =>
        PropertyValue.Of([.. inputs.Entries, KeyValuePair.Create("result", result.WithSecret(true))]);

    private static string Generate(PropertyValue inputs)
    {
        var length = (int)inputs["length"].Number;
        (string Characters, int AtLeast)[] classes =
        [
            .. Class("lower", "minLower", Lower),
            .. Class("upper", "minUpper", Upper),
            .. Class("numeric", "minNumeric", Digits),
            .. Class("special", "minSpecial", inputs["overrideSpecial"].Text is { Length: > 0 } own ? own : Special),
        ];
        var all = string.Concat(classes.Select(entry => entry.Characters));
        if (all.Length == 0 || length < Math.Max(1, classes.Sum(entry => entry.AtLeast)))
        {
            throw new StepException(
                "A password needs a length of at least 1, no less than its minimums together, and some characters to choose from.");
        }

        var password = new StringBuilder(length);
        foreach (var (characters, atLeast) in classes)
        {
            password.Append(RandomNumberGenerator.GetItems<char>(characters, atLeast));
        }

        password.Append(RandomNumberGenerator.GetItems<char>(all, length - password.Length));
        var mixed = password.ToString().ToCharArray();
        RandomNumberGenerator.Shuffle<char>(mixed);
        return new string(mixed);

        IEnumerable<(string Characters, int AtLeast)> Class(string name, string minimum, string characters)
        {
            var wanted = inputs[name].Kind == PropertyKind.Null && name == "numeric" ? inputs["number"] : inputs[name];
            return wanted.Kind == PropertyKind.Null || wanted.Boolean ? [(characters, (int)inputs[minimum].Number)] : [];
        }
    }
}
