using Pulumi;
using PostgresHa.Infra;

return await Deployment.RunAsync<ClusterStack>();
