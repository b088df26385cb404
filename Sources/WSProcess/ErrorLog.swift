import Dispatch
import Synchronization
import WSLimits

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Takes what commands write to standard error: for messages their last lines, for people a file.
///
/// It comes through a pipe that is read all the time, so that a command that writes without end fills no disk: of more
/// than the limit the file has the beginning and the end. What a process wrote right before it died is in the pipe for
/// certain, and nobody has to wait for the last one that holds the other end.
final class ErrorLog {
    private let intake: LogIntake
    private let source: any DispatchSourceRead
    private let writeEnd: Int32

    /// The end of the pipe that commands inherit.
    var descriptor: Int32 { writeEnd }
    /// The last lines that were read, the most recent one last.
    var lastLines: [String] { intake.lastLines }
    /// The first report of a sanitizer that was read.
    var sanitizer: String? { intake.sanitizer }
    /// What a sanitizer says, or else what was written last, as the end of a sentence; nil where nothing was.
    ///
    /// A sanitizer's report is long, and says what happened in its first line. Interpreters write a list of calls and
    /// more behind the line that names an error, so that one goes first.
    var lastWords: String? {
        if let sanitizer { return "; its sanitizer says: \(sanitizer)" }
        let lines = lastLines
        guard !lines.isEmpty else { return nil }
        let named = intake.errorLine.flatMap { lines.contains($0) ? nil : $0 }
        return "; it wrote last: " + ((named.map { [$0, "…"] } ?? []) + lines).joined(separator: " | ")
    }
    /// How many octets the file lacks in its middle.
    var omitted: Int { intake.omitted }

    /// How much one look takes at most, which is more than a pipe holds: whoever writes without end keeps nobody.
    private static let mostAtATime = 2 * LogIntake.pieceLength

    /// Makes the file, empty, or is nil where it cannot be written; what stood in its place goes away.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - limit: how much it may hold.
    init?(path: String, limit: Limit) {
        _ = unsafe unlink(path)
        let file = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
        guard file >= 0 else { return nil }
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else {
            close(file)
            return nil
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
        writeEnd = ends[1]
        let intake = LogIntake(pipe: ends[0], file: file, limit: limit)
        let source = DispatchSource.makeReadSource(fileDescriptor: ends[0], queue: .global(qos: .utility))
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
        close(writeEnd)
    }

    /// Forgets what was read, for the next start of the target; the file goes on.
    func begin() {
        read()
        intake.forget()
    }

    /// Reads what has been written since.
    func read() {
        intake.drain(atMost: Self.mostAtATime)
    }

    /// Takes what has no end of line yet as a line: nothing more comes of this command.
    func finish() {
        read()
        intake.endLine()
    }

    /// Ends the file: nothing more comes of any command.
    func end() {
        finish()
        intake.endFile()
    }
}

/// The reading end of a log's pipe, and what has come of it.
private final class LogIntake: Sendable {
    private struct State {
        /// The file; negative once it has ended or could not be written.
        var file: Int32
        /// How much of the beginning the file still takes.
        var room: Int
        var tail: [UInt8] = []
        /// How many octets came behind the beginning.
        var behind = 0
        var lastLines: [String] = []
        var errorLine: String?
        var sanitizer: String?
        var line: [UInt8] = []
        var isClosed = false
    }

    private let pipe: Int32
    private let tailRoom: Int
    private let state: Mutex<State>

    private static let mostLines = Limits.lastLines.value
    private static let longestLine = Limits.logLine.value
    /// How much is read at a time, which is as much as a pipe holds.
    static let pieceLength = 65_536
    /// Of a longer piece only the last lines are looked at, unless it has one of the signs of a sanitizer.
    private static let shortPiece = 4_096
    private static let signs = ["Sanitizer", "runtime error"]

    init(pipe: Int32, file: Int32, limit: Limit) {
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

    /// Takes what is in the pipe.
    func drain(atMost most: Int) {
        state.withLock { state in
            var done = 0
            while done < most, !state.isClosed {
                var count = 0
                let octets = unsafe [UInt8](unsafeUninitializedCapacity: Self.pieceLength) { buffer, initialised in
                    repeat {
                        count = unsafe read(pipe, buffer.baseAddress, Self.pieceLength)
                    } while count < 0 && errno == EINTR
                    initialised = max(0, count)
                }
                guard count > 0 else { return }
                done += count
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

    /// Writes the end of what came, with a line before it where something is left out.
    func endFile() {
        state.withLock { state in
            guard state.file >= 0 else { return }
            let left = max(0, state.behind - tailRoom)
            if left > 0 { write(Array("\n… \(left) octets are left out here …\n".utf8)[...], &state) }
            write(state.tail.suffix(tailRoom), &state)
            state.tail = []
            if state.file >= 0 { Self.shut(state.file) }
            state.file = -1
        }
    }

    func close() {
        state.withLock { state in
            state.isClosed = true
            Self.shut(pipe)
        }
    }

    private static func shut(_ descriptor: Int32) {
        #if canImport(Glibc)
        Glibc.close(descriptor)
        #elseif canImport(Musl)
        Musl.close(descriptor)
        #else
        Darwin.close(descriptor)
        #endif
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
        var rest = octets
        while !rest.isEmpty, state.file >= 0 {
            let count = unsafe rest.withUnsafeBytes { unsafe Self.put(state.file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                // A full disk takes the log, not the run.
                Self.shut(state.file)
                state.file = -1
                return
            }
            rest = rest.dropFirst(count)
        }
    }

    private static func put(_ descriptor: Int32, _ octets: UnsafeRawPointer?, _ count: Int) -> Int {
        #if canImport(Glibc)
        unsafe Glibc.write(descriptor, octets, count)
        #elseif canImport(Musl)
        unsafe Musl.write(descriptor, octets, count)
        #else
        unsafe Darwin.write(descriptor, octets, count)
        #endif
    }

    // MARK: - Lines

    private func split(_ octets: [UInt8], _ state: inout State) {
        var start = 0
        // Who writes much is read fast, or he would be slowed down.
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

    /// Where the last lines of a piece begin: as many as are kept, and not more than those may be long.
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

    /// The place of the next line feed.
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

    /// Whether a line begins with the name of an error: `TypeError: …`, `java.io.IOException: …`, `panic: …`.
    private static func namesError(_ line: String) -> Bool {
        guard let colon = line.firstIndex(of: ":") else { return false }
        let name = line[..<colon]
        guard !name.contains(where: \.isWhitespace) else { return false }
        return name.hasSuffix("Error") || name.hasSuffix("Exception") || name == "panic" || name == "error"
    }
}
