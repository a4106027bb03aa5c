using System.Buffers.Binary;
using PostgresHa.Lab.Repository;

namespace PostgresHa.Tests.Cli.Lab;

public sealed class TimeServerTests
{
    // Half a second past the 1st of January 2026.
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, 500, TimeSpan.Zero);

    [Fact]
    public void An_answer_gives_the_time_and_the_questions_own_mark()
    {
        var question = new byte[48];
        question[0] = (4 << 3) | 3;
        question[2] = 6;
        question[47] = 0x2a;
        var answer = TimeServer.Answer(question, Now)!;
        Assert.Equal((4 << 3) | 4, answer[0]);
        Assert.InRange(answer[1], 1, 15);
        Assert.Equal(6, answer[2]);
        Assert.Equal(question[40..48], answer[24..32]);
        foreach (var at in (int[])[32, 40])
        {
            Assert.Equal((ulong)(Now.ToUnixTimeSeconds() + 2_208_988_800), BinaryPrimitives.ReadUInt64BigEndian(answer.AsSpan(at)) >> 32);
            Assert.Equal(0x8000_0000, BinaryPrimitives.ReadUInt32BigEndian(answer.AsSpan(at + 4)));
        }
    }

    [Theory]
    [InlineData(47, 3)]
    [InlineData(48, 4)]
    public void What_is_no_question_gets_no_answer(int length, byte mode)
    {
        var packet = new byte[length];
        packet[0] = mode;
        Assert.Null(TimeServer.Answer(packet, Now));
    }
}
