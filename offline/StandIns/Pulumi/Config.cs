using System.Text.Json;

namespace Pulumi;

public sealed class Config
{
    private readonly string _name;

    public Config(string? name = null)
    {
        name ??= Deployment.Instance.ProjectName;
        _name = name.EndsWith(":config", StringComparison.Ordinal) ? name[..^":config".Length] : name;
    }

    public string? Get(string key) => Deployment.Required.GetConfig(_name + ":" + key);

    public Output<string>? GetSecret(string key) => Get(key) is { } value ? Output.CreateSecret(value) : null;

    public string Require(string key) => Get(key) ?? throw Missing(key);

    public Output<string> RequireSecret(string key) => Output.CreateSecret(Require(key));

    public T RequireObject<T>(string key)
    {
        var value = Require(key);
        try
        {
            return JsonSerializer.Deserialize<T>(value)!;
        }
        catch (JsonException exception)
        {
            throw new RunException($"Configuration '{_name}:{key}' value '{value}' is not a valid {typeof(T).FullName!}", exception);
        }
    }

    private RunException Missing(string key) => new(
        $"Missing Required configuration variable '{_name}:{key}'\n\tplease set a value using the command `pulumi config "
        + $"set {_name}:{key} <value>`");
}
