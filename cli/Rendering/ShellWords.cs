using System.Text;

namespace PostgresHa.Cli.Rendering;

/// <summary>Reads back a command line made of plainly or singly quoted words, as the components write them.</summary>
internal static class ShellWords
{
    /// <summary>Its words, unquoted.</summary>
    public static List<string> Split(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var inWord = false;
        for (var i = 0; i < line.Length; i++)
        {
            switch (line[i])
            {
                case ' ' or '\n' or '\t':
                    if (inWord)
                    {
                        words.Add(word.ToString());
                    }

                    word.Clear();
                    inWord = false;
                    break;
                case '\'':
                    inWord = true;
                    var end = line.IndexOf('\'', i + 1);
                    end = end < 0 ? line.Length : end;
                    word.Append(line, i + 1, end - i - 1);
                    i = end;
                    break;
                case '\\' when i + 1 < line.Length:
                    inWord = true;
                    word.Append(line[++i]);
                    break;
                default:
                    inWord = true;
                    word.Append(line[i]);
                    break;
            }
        }

        if (inWord)
        {
            words.Add(word.ToString());
        }

        return words;
    }
}
