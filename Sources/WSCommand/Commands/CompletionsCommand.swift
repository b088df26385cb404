import ArgumentParser
import WSCatalogue
import WSScenario

/// The command `wsconform completions`.
struct CompletionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completions",
        abstract: "Print what a shell needs to complete commands, options, cases, defects and files.",
        discussion: """
            wsconform completions bash > ~/.local/share/bash-completion/completions/wsconform
            wsconform completions zsh > "${fpath[1]}/_wsconform"
            wsconform completions fish > ~/.config/fish/completions/wsconform.fish

            For one session: source <(wsconform completions bash). Cases are those of the wsconform that the shell finds.
            """
    )

    /// The shells.
    enum Shell: String, CaseIterable, ExpressibleByArgument {
        case bash, zsh, fish
    }

    @Argument(help: "The shell: bash, zsh or fish.")
    var shell: Shell

    func run() throws {
        guard let known = CompletionShell(rawValue: shell.rawValue) else {
            throw ValidationError("'\(shell.rawValue)' has no completions; name bash, zsh or fish")
        }
        Console.document(Wsconform.completionScript(for: known) + "\n")
    }
}

extension CompletionKind {
    /// Patterns of cases: all ids that begin as the word does, or the topics of a word without a slash.
    static let cases = CompletionKind.custom { _, _, word in CaseCompletion.words(beginning: word) }

    /// Files with JSON, and folders.
    static let json = CompletionKind.file(extensions: ["json"])
}

/// The words for a pattern of cases that is being written.
enum CaseCompletion {
    /// The patterns of topics before there is a slash, and ids behind it.
    static func words(beginning prefix: String) -> [String] {
        let prefix = prefix.filter { $0 != "'" && $0 != "\"" && $0 != "\\" }
        var words = Catalogue.all.map(\.id)
        if !prefix.contains("/") {
            words = Set(Catalogue.all.map { "\($0.topic)/" }).sorted()
        }
        return words.filter { $0.hasPrefix(prefix) }
    }
}
