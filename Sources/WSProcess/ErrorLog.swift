import Dispatch
import Synchronization
import SystemPackage
import WSLimits

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Collects the standard error output of commands: in a file for people, and the last lines for messages.
///
/// The output comes through a pipe that is read continuously. A command that writes without end does not fill the disk:
/// of a long output the file has the beginning and the end. The last words of a process are in the pipe even if it
/// dies, and nobody has to wait for other processes that hold the pipe open.
final class ErrorLog {
    private let intake: LogIntake
    private let source: any DispatchSourceRead
    private let writeEnd: FileDescriptor

    /// The writing end of the pipe, which commands inherit.
    var descriptor: FileDescriptor { writeEnd }
    /// The last lines read, in order.
    var lastLines: [String] { intake.lastLines }
    /// The first sanitizer report read; nil if there is none.
    var sanitizer: String? { intake.sanitizer }
    /// The sanitizer report, else the last line, as the end of a sentence; nil if there is no output.
    ///
    /// The first line of a sanitizer report says what happened. Interpreters print a stack trace after the line that
    /// names an error, so that line is preferred.
    var lastWords: String? {
        if let sanitizer { return "; its sanitizer says: \(sanitizer)" }
        let lines = lastLines
        guard !lines.isEmpty else { return nil }
        let named = intake.errorLine.flatMap { lines.contains($0) ? nil : $0 }
        return "; it wrote last: " + ((named.map { [$0, "…"] } ?? []) + lines).joined(separator: " | ")
    }
    /// How many octets the file lacks in its middle.
    var omitted: Int { intake.omitted }

    /// The most octets read at a time, more than a pipe holds, so that an endless writer does not block the reader.
    private static let mostAtATime = 2 * LogIntake.pieceLength

    /// Creates an empty file that replaces an existing one; nil if it cannot be written.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - limit: The highest number of octets in the file.
    init?(path: String, limit: Limit) {
        _ = unsafe unlink(path)
        let options: FileDescriptor.OpenOptions = [.create, .exclusiveCreate, .noFollow, .closeOnExec]
        let permissions = FilePermissions(rawValue: 0o666)
        let opened = try? FileDescriptor.open(FilePath(path), .writeOnly, options: options, permissions: permissions)
        guard let file = opened else { return nil }
        guard let ends = try? FileDescriptor.pipe() else {
            try? file.close()
            return nil
        }
        for end in [ends.readEnd, ends.writeEnd] { _ = fcntl(end.rawValue, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(ends.readEnd.rawValue, F_SETFL, O_NONBLOCK)
        writeEnd = ends.writeEnd
        let intake = LogIntake(pipe: ends.readEnd, file: file, limit: limit)
        let source = DispatchSource.makeReadSource(
            fileDescriptor: ends.readEnd.rawValue,
            queue: .global(qos: .utility)
        )
        source.setEventHandler { intake.drain(atMost: LogIntake.pieceLength) }
        source.setCancelHandler { intake.close() }
        source.resume()
        self.intake = intake
        self.source = source
    }

    deinit {
        intake.drain(atMost: Self.mostAtATime)
        intake.endFile()
        source.cancel()
        try? writeEnd.close()
    }

    /// Forgets the lines read, for the next start of the target; the file continues.
    func begin() {
        read()
        intake.forget()
    }

    /// Reads the output since the last call.
    func read() {
        intake.drain(atMost: Self.mostAtATime)
    }

    /// Takes an unfinished line as complete, because the command has ended.
    func finish() {
        read()
        intake.endLine()
    }

    /// Finishes the file after the last command.
    func end() {
        finish()
        intake.endFile()
    }
}

/// The reading end of the pipe and the state of what was read.
private final class LogIntake: Sendable {
    private struct State {
        /// The file; nil after it was finished, or if it could not be written.
        var file: FileDescriptor?
        /// How many octets of the beginning the file still accepts.
        var room: Int
        var tail: [UInt8] = []
        /// How many octets came after the beginning.
        var behind = 0
        var lastLines: [String] = []
        var errorLine: String?
        var sanitizer: String?
        var line: [UInt8] = []
        var isClosed = false
    }

    private let pipe: FileDescriptor
    private let tailRoom: Int
    private let state: Mutex<State>

    private static let mostLines = Limits.lastLines.value
    private static let longestLine = Limits.logLine.value
    /// The octets read at a time, which is the capacity of a pipe.
    static let pieceLength = 65_536
    /// Of longer pieces only the last lines are examined, unless they contain signs of a sanitizer.
    private static let shortPiece = 4_096
    private static let signs = ["Sanitizer", "runtime error"]

    init(pipe: FileDescriptor, file: FileDescriptor, limit: Limit) {
        self.pipe = pipe
        tailRoom = limit.value / 4
        state = Mutex(State(file: file, room: limit.value - limit.value / 4))
    }

    var lastLines: [String] { state.withLock { $0.lastLines } }

    var errorLine: String? { state.withLock { $0.errorLine } }

    var sanitizer: String? { state.withLock { $0.sanitizer } }

    var omitted: Int { state.withLock { max(0, $0.behind - tailRoom) } }

    func forget() {
        state.withLock { state in
            state.lastLines = []
            state.errorLine = nil
            state.sanitizer = nil
            state.line = []
        }
    }

    /// Reads what is in the pipe.
    func drain(atMost most: Int) {
        state.withLock { state in
            var done = 0
            while done < most, !state.isClosed {
                let octets = unsafe [UInt8](unsafeUninitializedCapacity: Self.pieceLength) { buffer, initialised in
                    initialised = unsafe (try? pipe.read(into: UnsafeMutableRawBufferPointer(buffer))) ?? 0
                }
                guard !octets.isEmpty else { return }
                done += octets.count
                keep(octets[...], &state)
                split(octets, &state)
            }
        }
    }

    func endLine() {
        state.withLock { state in
            if !state.line.isEmpty { endLine(&state) }
        }
    }

    /// Writes the end of the output, after a line that tells how much was left out.
    func endFile() {
        state.withLock { state in
            guard let file = state.file else { return }
            let left = max(0, state.behind - tailRoom)
            if left > 0 { write(Array("\n… \(left) octets are left out here …\n".utf8)[...], &state) }
            write(state.tail.suffix(tailRoom), &state)
            state.tail = []
            // If the file could not be written, it was closed.
            if state.file != nil { try? file.close() }
            state.file = nil
        }
    }

    func close() {
        state.withLock { state in
            state.isClosed = true
            try? pipe.close()
        }
    }

    // MARK: - The file

    private func keep(_ octets: ArraySlice<UInt8>, _ state: inout State) {
        let head = octets.prefix(state.room)
        if !head.isEmpty {
            state.room -= head.count
            write(head, &state)
        }
        let rest = octets.dropFirst(head.count)
        guard !rest.isEmpty else { return }
        state.behind += rest.count
        state.tail += rest
        if state.tail.count > 2 * tailRoom { state.tail.removeFirst(state.tail.count - tailRoom) }
    }

    private func write(_ octets: ArraySlice<UInt8>, _ state: inout State) {
        guard let file = state.file else { return }
        do {
            try file.writeAll(octets)
        } catch {
            // If the disk is full, the log ends but the run goes on.
            try? file.close()
            state.file = nil
        }
    }

    // MARK: - Lines

    private func split(_ octets: [UInt8], _ state: inout State) {
        var start = 0
        // A fast writer is read fast, or it would be slowed down.
        if octets.count > Self.shortPiece, !Self.signs.contains(where: { Self.holds(octets, $0) }) {
            start = Self.startOfLastLines(in: octets)
            if start > 0 { state.line.removeAll(keepingCapacity: true) }
        }
        while let end = Self.lineEnd(in: octets, from: start) {
            add(octets[start..<end], &state)
            endLine(&state)
            start = end + 1
        }
        add(octets[start...], &state)
    }

    /// Where the last lines of a piece begin: as many as are kept, within their greatest length.
    private static func startOfLastLines(in octets: [UInt8]) -> Int {
        var lines = 0
        var place = octets.count
        while place > 0, octets.count - place < mostLines * longestLine {
            place -= 1
            if octets[place] == UInt8(ascii: "\n") { lines += 1 }
            if lines > mostLines { return place + 1 }
        }
        return place
    }

    /// The index of the next line feed; nil if there is none.
    private static func lineEnd(in octets: [UInt8], from start: Int) -> Int? {
        unsafe octets.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress, start < buffer.count,
                let found = unsafe memchr(base + start, Int32(UInt8(ascii: "\n")), buffer.count - start)
            else { return nil }
            return unsafe UnsafeRawPointer(found) - base
        }
    }

    private static func holds(_ octets: [UInt8], _ word: String) -> Bool {
        let word = Array(word.utf8)
        return unsafe octets.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress else { return false }
            var start = 0
            while start + word.count <= buffer.count,
                let found = unsafe memchr(base + start, Int32(word[0]), buffer.count - word.count + 1 - start)
            {
                if unsafe memcmp(found, word, word.count) == 0 { return true }
                start = unsafe UnsafeRawPointer(found) - base + 1
            }
            return false
        }
    }

    private func add(_ octets: ArraySlice<UInt8>, _ state: inout State) {
        state.line += octets.prefix(max(0, Self.longestLine - state.line.count))
    }

    private func endLine(_ state: inout State) {
        defer { state.line.removeAll(keepingCapacity: true) }
        guard state.line.contains(where: { $0 > 0x20 }) else { return }
        let line = String(decoding: state.line, as: UTF8.self)
        if state.sanitizer == nil { state.sanitizer = SanitizerText.report(in: line) }
        guard line.contains(where: { !$0.isWhitespace }) else { return }
        if Self.namesError(line) { state.errorLine = line }
        if state.lastLines.count == Self.mostLines { state.lastLines.removeFirst() }
        state.lastLines.append(line)
    }

    /// Whether a line begins with the name of an error, such as `TypeError: …` or `java.io.IOException: …`.
    private static func namesError(_ line: String) -> Bool {
        guard let colon = line.firstIndex(of: ":") else { return false }
        let name = line[..<colon]
        guard !name.contains(where: \.isWhitespace) else { return false }
        return name.hasSuffix("Error") || name.hasSuffix("Exception") || name == "panic" || name == "error"
    }
}
