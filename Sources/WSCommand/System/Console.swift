import FoundationEssentials
import WSConform
import WSRender
import WSRunFolder

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The standard streams, written without buffers of our own, so that a line is there when it is written.
enum Console {
    /// Writes lines to standard output; whatever they hold, a terminal is told nothing but lines and colours.
    static func out(_ text: String) {
        write(TextEscaping.lines(text), to: STDOUT_FILENO)
    }

    /// Writes to standard error, where a line of our own is drawn again and again.
    static func draw(_ text: String) {
        write(text, to: STDERR_FILENO)
    }

    /// Writes one line to standard error, whatever the text holds.
    static func tell(_ line: String) {
        write("wsconform: \(TextEscaping.escaped(line, limit: longestLine))\n", to: STDERR_FILENO)
    }

    private static let longestLine = 2_000

    /// Whether standard output is a terminal.
    static var isOutputTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Whether standard error is a terminal.
    static var isErrorTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Whether standard output wants colour: a terminal that knows it, and nobody said no (https://no-color.org).
    static func wantsColour(noColour: Bool) -> Bool {
        let environment = ProcessInfo.processInfo.environment
        return !noColour && isOutputTerminal && environment["TERM"] != "dumb"
            && (environment["NO_COLOR"] ?? "").isEmpty
    }

    /// Prints what came of a run.
    ///
    /// - Parameters:
    ///   - run: the run.
    ///   - out: its folder, as the user named it.
    ///   - quiet: whether the last line is enough.
    ///   - noColour: whether the user wants none.
    static func summarise(_ run: FinishedRun, out: String, quiet: Bool, noColour: Bool) {
        let text = SummaryText(
            run.report,
            style: TextStyle(hasColour: wantsColour(noColour: noColour)),
            conclusion: run.conclusion,
            isEmbedded: run.isEmbedded,
            reportPath: run.folder.reportPath,
            out: out
        )
        Console.out(quiet ? text.lastLine : text.everything)
    }

    private static func write(_ text: String, to descriptor: Int32) {
        var octets = Array(text.utf8)[...]
        while !octets.isEmpty {
            let count = unsafe octets.withUnsafeBytes { buffer in
                #if canImport(Glibc)
                unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
                #elseif canImport(Musl)
                unsafe Musl.write(descriptor, buffer.baseAddress, buffer.count)
                #else
                unsafe Darwin.write(descriptor, buffer.baseAddress, buffer.count)
                #endif
            }
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            // Nobody reads any more: there is nobody to tell.
            guard count > 0 else { return }
            octets = octets.dropFirst(count)
        }
    }
}
