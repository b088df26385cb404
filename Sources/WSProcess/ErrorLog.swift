import WSLimits

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The file that the target's standard error goes to, read while it grows.
///
/// A file and no pipe: what a process writes right before it dies is there for certain, and nobody has to wait for the
/// last one that holds the other end.
final class ErrorLog {
    /// The file, open for appending; the target inherits it.
    let descriptor: Int32
    /// The last lines that were read, the most recent one last.
    private(set) var lastLines: [String] = []
    /// The first report of a sanitizer that was read.
    private(set) var sanitizer: String?

    private var position: off_t = 0
    private var rest: [UInt8] = []

    private static let mostLines = Limits.lastLines.value
    private static let longestLine = Limits.logLine.value
    private static let pieceLength = 65_536
    /// A target that writes more than this loses what it wrote before.
    private static let longestFile: off_t = 16 * 1024 * 1024

    /// Opens the file, empty.
    ///
    /// - Returns: nil where it cannot be written.
    init?(path: String) {
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { return nil }
    }

    deinit {
        close(descriptor)
    }

    /// Forgets what was read, for the next start of the target; the file goes on.
    func begin() {
        read()
        lastLines = []
        sanitizer = nil
        rest = []
    }

    /// Reads what has been written since.
    func read() {
        while true {
            var count = 0
            let octets = unsafe [UInt8](unsafeUninitializedCapacity: Self.pieceLength) { buffer, initialised in
                count = unsafe pread(descriptor, buffer.baseAddress, Self.pieceLength, position)
                initialised = max(0, count)
            }
            guard count > 0 else { break }
            position += off_t(count)
            take(octets)
        }
        if position > Self.longestFile, ftruncate(descriptor, 0) == 0 { position = 0 }
    }

    /// Takes what has no end of line yet as a line: nothing more comes.
    func finish() {
        read()
        if !rest.isEmpty { endLine() }
    }

    private func take(_ octets: [UInt8]) {
        for octet in octets {
            if octet == UInt8(ascii: "\n") {
                endLine()
            } else if rest.count < Self.longestLine {
                rest.append(octet)
            }
        }
    }

    private func endLine() {
        let line = String(decoding: rest, as: UTF8.self)
        rest.removeAll(keepingCapacity: true)
        if sanitizer == nil { sanitizer = SanitizerText.report(in: line) }
        guard line.contains(where: { !$0.isWhitespace }) else { return }
        if lastLines.count == Self.mostLines { lastLines.removeFirst() }
        lastLines.append(line)
    }
}
