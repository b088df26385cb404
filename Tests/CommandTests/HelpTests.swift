import ArgumentParser
import Foundation
import Testing
import WSCatalogue
import WSCommand
import WSModelPeer
import WSReport

@Suite("What helps at the terminal", .serialized, .timeLimit(.minutes(15)))
struct HelpTests {
    /// The commands that do something, with the words that call them.
    private static let commands: [(words: String, type: any ParsableCommand.Type)] = {
        var all: [(String, any ParsableCommand.Type)] = [("wsconform", Wsconform.self)]
        var next = 0
        while next < all.count {
            let (words, type) = all[next]
            for below in type.configuration.subcommands {
                let name = below.configuration.commandName ?? "\(below)".lowercased()
                all.append(("\(words) \(name)", below))
            }
            next += 1
        }
        return all
    }()

    @Test("Each command's help has an example of it", arguments: commands.indices)
    func examples(index: Int) {
        let (words, type) = Self.commands[index]
        let lines = type.configuration.discussion.split(separator: "\n")
        #expect(lines.contains { $0.hasPrefix("\(words) ") || $0 == words }, "\(words)")
    }

    @Test("The manual page has each command with its options and says nothing in requests of roff that is no request")
    func manual() async throws {
        let page = try ManualPage.text()
        let lines = page.split(separator: "\n")
        for (words, type) in Self.commands.dropFirst() {
            #expect(lines.contains(".SS \(words.replacing("-", with: "\\-"))"), "\(words)")
            let help = Wsconform.helpMessage(for: type, columns: 10_000)
            for option in help.matches(of: /(?m)^  (?:-[a-z], )?(--[a-z0-9-]+)/).map({ String($0.output.1) })
            where !["--help", "--version"].contains(option) {
                #expect(page.contains("\\fB\(option.replacing("-", with: "\\-"))\\fR"), "\(words) \(option)")
            }
        }
        let requests: Set = [
            ".TH", ".SH", ".SS", ".PP", ".TP", ".B", ".I", ".br", ".nf", ".fi", ".RS", ".RE",
        ]
        for line in lines where line.hasPrefix(".") || line.hasPrefix("'") {
            #expect(requests.contains(String(line.prefix { $0 != " " })), "\(line)")
        }
        #expect(page.utf8.allSatisfy { $0 < 0x80 && ($0 >= 0x20 || $0 == 0x0A) })
        let printed = try await Program.run(["man"], environment: ["GITHUB_ACTIONS": "true"])
        #expect(printed.status == 0 && printed.output == page)
    }

    @Test(
        "groff has nothing to say against the manual page",
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/groff"))
    )
    func typeset() async throws {
        try await Program.withFolder { folder in
            let script = "'\(Program.path)' man | groff -man -Tutf8 -ww 2>&1 >/dev/null"
            let result = try await Program.shell(script, in: folder)
            #expect(result.status == 0 && result.output == "", "\(result.output)")
        }
    }

    @Test("Each shell gets a script with the commands, options and defects", arguments: ["bash", "zsh", "fish"])
    func completions(shell: String) async throws {
        let result = try await Program.run(["completions", shell], environment: ["GITHUB_ACTIONS": "true"])
        #expect(result.status == 0 && result.error == "")
        for word in ["doctor", "baseline", "fail-on-impact", ModelDefect.allCases[0].rawValue, "json"] {
            #expect(result.output.contains(word), "\(word)")
        }
    }

    @Test("bash completes commands, topics, cases, defects and formats")
    func bash() async throws {
        let words = [
            (["doc"], "doctor"), (["server", "--cases", "clos"], "closing/"),
            (["server", "--cases", "closing/one-byte-payload-s"], "closing/one-byte-payload-split"),
            (["echo", "--defect", "masks-f"], "masks-frames"), (["render", "--format", "jun"], "junit"),
            (["server", "--format", "html,j"], "html,junit"), (["server", "--cases", "7.1"], "7.1.1"),
            (["server", "--cases", "tag:"], "tag:slow"), (["client", "--exclude", "tag:au"], "tag:autobahn"),
            (["client", "--defect", "con"], "constant-masking-key"), (["wstest", "-m", "fuzz"], "fuzzingclient"),
            (["server", "--require", "echo,open"], "echo,open-files"),
            (["server", "--fail-on-impact", "security,ro"], "security,robustness"),
        ]
        try await Program.withFolder { folder in
            for (line, completed) in words {
                let all = (["wsconform"] + line).joined(separator: " ")
                let script = """
                    ln -sf '\(Program.path)' wsconform
                    bash -c 'PATH="$PWD:$PATH"; source <(wsconform completions bash); COMP_WORDS=(\(all))
                    COMP_CWORD=\(line.count); COMP_LINE="\(all)"; COMP_POINT=${#COMP_LINE}
                    _wsconform wsconform \(line.last ?? "") \(line.dropLast().last ?? "wsconform")
                    printf "%s\\n" "${COMPREPLY[@]}"'
                    """
                let result = try await Program.shell(script, in: folder)
                #expect(result.output.split(separator: "\n").contains(Substring(completed)), "\(all): \(result)")
            }
        }
    }

    @Test("bash is told to complete words with colons as a whole")
    func colons() async throws {
        try await Program.withFolder { folder in
            let script = """
                ln -sf '\(Program.path)' wsconform
                bash -c 'PATH="$PWD:$PATH"; source <(wsconform completions bash); printf %s "$COMP_WORDBREAKS"'
                """
            let result = try await Program.shell(script, in: folder)
            #expect(result.status == 0 && !result.output.contains(":") && result.output.contains("="), "\(result)")
        }
    }

    @Test("The help names every word that --require takes")
    func requirable() async throws {
        let result = try await Program.run(["server", "--help"])
        let text = result.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(text.contains(Report.LeftOut.words.joined(separator: ", ")), "\(text)")
    }

    @Test("The progress line has the topic, and what is left once that can be told")
    func progress() {
        #expect(ProgressText.line(0, of: 1208, topic: "", after: .zero) == "0 of 1208 cases")
        #expect(ProgressText.line(30, of: 1208, topic: "utf8", after: .seconds(1)) == "30 of 1208 cases, utf8")
        #expect(ProgressText.line(19, of: 1208, topic: "utf8", after: .seconds(9)) == "19 of 1208 cases, utf8")
        let line = ProgressText.line(302, of: 1208, topic: "closing", after: .seconds(4))
        #expect(line == "302 of 1208 cases, closing, about 12 s left")
        let slow = ProgressText.line(100, of: 1100, topic: "limits", after: .seconds(60))
        #expect(slow == "100 of 1100 cases, limits, about 10 min left")
        #expect(ProgressText.line(1300, of: 1208, topic: "tls", after: .seconds(60)) == "1208 of 1208 cases, tls")
    }
}
