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
        if shell == .bash { Console.document(Self.wholeWords) }
    }

    /// bash divides words at colons, and the script would see a part of tag:slow, or of an address, alone.
    private static let wholeWords = """

        # Words with a colon, such as tag:slow and ws://HOST, are completed as a whole.
        COMP_WORDBREAKS=${COMP_WORDBREAKS//:}

        """
}

extension CompletionKind {
    /// Patterns of cases: all ids that begin as the word does, or the topics of a word without a slash.
    static let cases = CompletionKind.custom { _, _, word in CaseCompletion.words(beginning: word) }

    /// Names with commas between them: the last one is completed.
    static func names(_ names: [String]) -> CompletionKind {
        .custom { _, _, word in CaseCompletion.names(names, beginning: word) }
    }

    /// Files with JSON, and folders.
    static let json = CompletionKind.file(extensions: ["json"])
}

/// The words for a pattern of cases that is being written.
enum CaseCompletion {
    /// The patterns of topics before there is a slash, and ids behind it; tags, and numbers of Autobahn's.
    static func words(beginning prefix: String) -> [String] {
        let prefix = unquoted(prefix)
        let words: [String] =
            if prefix.first?.isNumber == true {
                Catalogue.autobahnOrder.compactMap { $0.autobahn?.number }
            } else if prefix.contains("/") {
                Catalogue.all.map(\.id)
            } else if prefix.hasPrefix(tag) {
                (["autobahn"] + Scenario.Tag.allCases.map(\.rawValue)).map { tag + $0 }
            } else {
                Set(Catalogue.all.map { "\($0.topic)/" }).sorted() + [tag]
            }
        return words.filter { $0.hasPrefix(prefix) }
    }

    private static let tag = "tag:"

    /// What continues a list with commas: the names that are not in it yet, each behind what stands there.
    static func names(_ names: [String], beginning text: String) -> [String] {
        var given = unquoted(text).split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        let last = given.popLast() ?? ""
        let before = given.map { $0 + "," }.joined()
        return names.filter { $0.hasPrefix(last) && !given.contains($0) }.map { before + $0 }
    }

    private static func unquoted(_ text: String) -> String {
        text.filter { $0 != "'" && $0 != "\"" && $0 != "\\" }
    }
}
