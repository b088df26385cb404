import SystemPackage
import WSConform
import WSRender
import WSRunFolder

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The standard streams, written without our own buffers, so that each line appears at once.
enum Console {
    /// Writes lines to standard output; only line feeds and colours reach a terminal unescaped.
    static func out(_ text: String) {
        write(harmless(TextEscaping.lines(text)), to: STDOUT_FILENO)
    }

    /// Writes a document of ours to standard output as it is; nothing of a peer may be in it.
    static func document(_ text: String) { write(text, to: STDOUT_FILENO) }

    /// Writes commands for GitHub Actions to standard output, a line each.
    static func commands(_ lines: [String]) {
        for line in lines { write(TextEscaping.escaped(line) + "\n", to: STDOUT_FILENO) }
    }

    /// The job in which the program runs; nil outside of GitHub Actions.
    static let gitHubActions = GitHubActions(ProcessInfo.processInfo.environment)

    /// The text without what a job would read as a command.
    private static func harmless(_ text: String) -> String {
        gitHubActions == nil ? text : WorkflowCommands.defused(text)
    }

    /// Writes to standard error, for a line that is redrawn.
    static func draw(_ text: String) {
        write(text, to: STDERR_FILENO)
    }

    /// Writes one line to standard error, with any content escaped.
    static func tell(_ line: String) {
        write(harmless("wsconform: \(TextEscaping.escaped(line, limit: longestLine))\n"), to: STDERR_FILENO)
    }

    private static let longestLine = 2_000

    /// Whether standard output is a terminal.
    static var isOutputTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Whether standard error is a terminal.
    static var isErrorTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Whether standard output has colour: for a capable terminal, unless the user declines (https://no-color.org).
    static func wantsColour(noColour: Bool) -> Bool {
        let environment = ProcessInfo.processInfo.environment
        return !noColour && isOutputTerminal && environment["TERM"] != "dumb"
            && (environment["NO_COLOR"] ?? "").isEmpty
    }

    /// Prints the summary of a run.
    ///
    /// - Parameters:
    ///   - run: The run.
    ///   - isWritten: Whether its report is in its file.
    ///   - out: The run's folder, as the user named it.
    ///   - quiet: Whether only the last line is printed.
    ///   - noColour: Whether the user asked for no colour.
    static func summarise(_ run: FinishedRun, isWritten: Bool, out: String, quiet: Bool, noColour: Bool) {
        let text = SummaryText(
            run.report,
            style: TextStyle(hasColour: wantsColour(noColour: noColour)),
            conclusion: run.conclusion,
            reportPath: isWritten ? run.folder.reportPath : nil,
            out: out,
            isReasonTold: run.isReasonTold
        )
        Console.out(quiet ? text.lastLine : text.everything)
    }

    private static func write(_ text: String, to descriptor: Int32) {
        let descriptor = FileDescriptor(rawValue: descriptor)
        var octets = Array(text.utf8)[...]
        while !octets.isEmpty {
            do {
                octets = octets.dropFirst(try unsafe octets.withUnsafeBytes { unsafe try descriptor.write($0) })
            } catch Errno.resourceTemporarilyUnavailable {
                continue
            } catch {
                // The reader of the output has gone.
                return
            }
        }
    }
}
