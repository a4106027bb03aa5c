namespace Pulumi.Random;

public class RandomPassword : CustomResource
{
    public RandomPassword(string name, RandomPasswordArgs args, CustomResourceOptions? options = null)
        : base("random:index/randomPassword:RandomPassword", name, args ?? new RandomPasswordArgs(), CustomResourceOptions.Merge(
            new CustomResourceOptions { AdditionalSecretOutputs = { "bcryptHash", "result" } },
            options))
    {
    }

    [Output("result")]
    public Output<string> Result { get; private set; } = null!;
}

public sealed class RandomPasswordArgs : ResourceArgs
{
    [Input("keepers")]
    public InputMap<string>? Keepers { get; set; }

    [Input("length", required: true)]
    public Input<int> Length { get; set; } = null!;

    [Input("overrideSpecial")]
    public Input<string>? OverrideSpecial { get; set; }

    [Input("special")]
    public Input<bool>? Special { get; set; }
}
