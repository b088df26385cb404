import ArgumentParser
import WSRunFolder

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The manual page, in the language of man(7), from what the parser knows of the commands.
package enum ManualPage {
    /// The whole page.
    ///
    /// - Throws: An error of the decoder if the parser describes itself in another way than expected.
    package static func text() throws -> String {
        let tool = try JSONDecoder().decode(Tool.self, from: Data(Wsconform._dumpHelp().utf8)).command
        var page = [".TH WSCONFORM 1 \"\" \"wsconform \(ToolIdentity.version)\" \"User Commands\""]
        page += [".SH NAME", "wsconform \\- \(escaped(phrase(tool.abstract)))", ".SH SYNOPSIS"]
        for command in tool.visible { page += synopsis(command) }
        page += [".SH DESCRIPTION"] + paragraphs(tool.discussion) + [".SH COMMANDS"]
        for command in tool.visible { page += section(command, after: "wsconform") }
        for (title, lines) in others { page += [".SH \(title)"] + lines }
        return page.joined(separator: "\n") + "\n"
    }

    // MARK: - What the parser says

    private struct Tool: Decodable {
        var command: Command
    }

    private struct Command: Decodable {
        var commandName: String
        var abstract: String?
        var discussion: String?
        var subcommands: [Command]?
        var arguments: [Argument]?

        /// The commands below it, except for the one that prints help.
        var visible: [Command] { (subcommands ?? []).filter { $0.commandName != "help" } }

        /// What it takes, except for what every command does.
        var shown: [Argument] {
            (arguments ?? []).filter {
                $0.shouldDisplay && !["help", "version"].contains($0.preferredName?.name ?? "")
            }
        }
    }

    private struct Argument: Decodable {
        var kind: String
        var shouldDisplay: Bool
        var isOptional: Bool
        var isRepeating: Bool
        var names: [Name]?
        var preferredName: Name?
        var valueName: String?
        var defaultValue: String?
        var allValues: [String]?
        var abstract: String?
        var sectionTitle: String?
    }

    private struct Name: Decodable {
        var kind: String
        var name: String

        var text: String { kind == "long" ? "--\(name)" : "-\(name)" }
    }

    // MARK: - Sections

    private static func synopsis(_ command: Command) -> [String] {
        let words = command.visible.isEmpty ? operands(command) : ["\\fICOMMAND\\fR"]
        return [
            ".B wsconform \(escaped(command.commandName))", (["[\\fIoptions\\fR]"] + words).joined(separator: " "),
            ".br",
        ]
    }

    private static func operands(_ command: Command) -> [String] {
        command.shown.filter { $0.kind == "positional" }.map { argument in
            let name = "\\fI\(escaped(argument.valueName ?? ""))\\fR" + (argument.isRepeating ? " ..." : "")
            return argument.isOptional ? "[\(name)]" : name
        }
    }

    private static func section(_ command: Command, after words: String) -> [String] {
        let name = "\(words) \(command.commandName)"
        var lines = [".SS \(escaped(name))"] + paragraphs(command.abstract) + paragraphs(command.discussion)
        for argument in command.shown { lines += described(argument) }
        for below in command.visible { lines += section(below, after: name) }
        return lines
    }

    private static func described(_ argument: Argument) -> [String] {
        let value = argument.valueName.map { "\\fI\(escaped($0))\\fR" }
        let head: String =
            if argument.kind == "positional" {
                value ?? ""
            } else {
                (argument.names ?? []).map { "\\fB\(escaped($0.text))\\fR" }.joined(separator: ", ")
                    + (argument.kind == "flag" ? "" : value.map { " \($0)" } ?? "")
            }
        var text = argument.abstract ?? ""
        if let values = argument.allValues, !values.isEmpty { text += " One of \(values.joined(separator: ", "))." }
        if let usual = argument.defaultValue { text += " Default: \(usual)." }
        return [".TP", head] + [escaped(text.trimmingPrefix(" ").description)]
    }

    /// A text with its commands and JSON as they stand, and the rest filled.
    private static func paragraphs(_ text: String?) -> [String] {
        let lines = (text ?? "").split(separator: "\n", omittingEmptySubsequences: false)
        return lines.split(whereSeparator: \.isEmpty).flatMap { paragraph -> [String] in
            let isExample = paragraph.allSatisfy {
                $0.hasPrefix("wsconform ") || $0.hasPrefix("{") || $0.hasPrefix("\"")
            }
            let lines = paragraph.map { escaped(String($0)) }
            return isExample ? [".PP", ".nf", ".RS 4"] + lines + [".RE", ".fi"] : [".PP"] + lines
        }
    }

    /// What no command says alone.
    private static let others: [(title: String, lines: [String])] = [
        (
            "EXIT STATUS",
            [
                ".TP", ".B 0", "It was judged, and nothing counts.", ".TP", ".B 1",
                "A requirement is broken, as far as \\fB\\-\\-fail\\-on\\fR and \\fB\\-\\-fail\\-on\\-impact\\fR say that it counts, or "
                    + "something differs from the baseline.",
                ".TP", ".B 2",
                "Nothing certain can be said: no target, inconclusive cases, a run that was cut short, or what "
                    + "\\fB\\-\\-require\\fR names was not tried.",
                ".TP", ".B 64", "Wrong usage, or patterns that select nothing.",
            ]
        ),
        (
            "FILES",
            [
                ".TP", ".I wsconform.json",
                "What \\fBserver\\fR, \\fBclient\\fR and \\fBdoctor\\fR are told each time.", ".TP",
                ".I wsconform\\-report", "The folder of a run that names no other with \\fB\\-\\-out\\fR.",
            ]
        ),
        (
            "ENVIRONMENT",
            [
                ".TP", ".B NO_COLOR", "Print without colour.", ".TP", ".B HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY",
                "The proxy for targets that are not this machine, and those that need none.", ".TP",
                ".B GITHUB_ACTIONS",
                "If it is true, ::error lines become annotations, and the summary goes to the file in GITHUB_STEP_SUMMARY.",
            ]
        ),
    ]

    // MARK: - Text

    /// An abstract as the phrase behind the name: without a capital letter and a full stop.
    private static func phrase(_ abstract: String?) -> String {
        let text = abstract ?? ""
        let open = text.hasSuffix(".") ? String(text.dropLast()) : text
        return open.prefix(1).lowercased() + open.dropFirst()
    }

    /// A line in which nothing is a request or an escape of roff.
    private static func escaped(_ line: String) -> String {
        let text = line.replacing("\\", with: "\\e").replacing("-", with: "\\-")
        let plain = text.unicodeScalars.map { scalar in
            scalar.isASCII ? String(scalar) : "\\[u\(hexadecimal(scalar.value))]"
        }.joined()
        return plain.hasPrefix(".") || plain.hasPrefix("'") ? "\\&" + plain : plain
    }

    /// A number in at least four hexadecimal digits.
    private static func hexadecimal(_ number: UInt32) -> String {
        let digits = String(number, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
