import WSControl
import WSFuzzing
import WSLink

/// One connection to the control server, with a clock that jumps and a network that accepts any number of octets.
struct ControlVisit {
    /// The beginning of what we wrote, as far as it is checked.
    private(set) var written: [UInt8] = []
    /// Whether the link has ended.
    private(set) var isOver = false
    /// The violated property; nil if there is none.
    private(set) var finding: String?

    private var router: ConnectionRouter
    private var now = LinkInstant.zero
    private var timers: [LinkTimer: LinkInstant] = [:]
    private var unread: [[UInt8]] = []
    private var isPaused = false
    private var owesWritable = false
    private var hasEndedOutput = false

    /// The most octets that may be written at once; the page and a turn of a command are the longest writes.
    private static let mostAtOnce = 512 * 1024
    private static let mostKept = 128 * 1024

    init(_ controlServer: ControlServer) {
        router = ConnectionRouter(controlServer, waker: LinkWaker {})
        var actions: [LinkAction] = []
        router.linkConnected(at: now, actions: &actions)
        carryOut(actions)
    }

    /// Sends octets in pieces of a length; 0 keeps them whole.
    mutating func send(_ octets: [UInt8], cut: Int) {
        var rest = octets[...]
        while !rest.isEmpty {
            unread.append(Array(rest.prefix(cut == 0 ? rest.count : cut)))
            rest = rest.dropFirst(cut == 0 ? rest.count : cut)
        }
    }

    /// Lets the next event happen, as a choice says.
    mutating func go(on choice: UInt8, _ cursor: inout OctetCursor) {
        switch choice {
        case 0..<8: send(cursor.take(Int(cursor.next() & 63)), cut: 0)
        case 8..<16: wake()
        case 16..<20: end(.reset)
        case 20..<24: end(.finished)
        case 24..<28: end(.closedHere)
        case 28..<60: fireTimer()
        case 60..<90: writable()
        default:
            if !unread.isEmpty, !isPaused { receive() } else if owesWritable { writable() } else { fireTimer() }
        }
    }

    private mutating func receive() {
        guard !unread.isEmpty, !isPaused else { return }
        let next = unread.removeFirst()
        guard !next.isEmpty else { return }
        var actions: [LinkAction] = []
        router.linkReceived(next.span, at: now, actions: &actions)
        carryOut(actions)
    }

    private mutating func wake() {
        var actions: [LinkAction] = []
        router.linkWoken(at: now, actions: &actions)
        carryOut(actions)
    }

    private mutating func writable() {
        guard owesWritable else { return }
        owesWritable = false
        var actions: [LinkAction] = []
        router.linkWritable(at: now, actions: &actions)
        carryOut(actions)
    }

    private mutating func fireTimer() {
        guard let next = timers.min(by: { ($0.value, $0.key.number) < ($1.value, $1.key.number) }) else {
            // If nothing is awaited any more, the other side ends the connection.
            return end(.finished)
        }
        timers[next.key] = nil
        now = max(now, next.value)
        var actions: [LinkAction] = []
        router.linkTimerFired(next.key, at: now, actions: &actions)
        carryOut(actions)
    }

    private mutating func end(_ end: LinkEnd) {
        guard !isOver else { return }
        isOver = true
        router.linkEnded(end, at: now)
    }

    private mutating func carryOut(_ actions: [LinkAction]) {
        var atOnce = 0
        for action in actions where !isOver {
            switch action {
            case .write(let octets):
                atOnce += octets.count
                write(octets)
            case .writePieces(let octets, let size):
                atOnce += octets.count
                if size < 1 { finding = "a piece has an octet at least" }
                write(octets)
            case .notifyWhenWritten: owesWritable = true
            case .setTimer(let timer, let moment): timers[timer] = moment
            case .cancelTimer(let timer): timers[timer] = nil
            case .pauseReading: isPaused = true
            case .resumeReading: isPaused = false
            case .closeOutput: hasEndedOutput = true
            case .close, .reset: end(.closedHere)
            case .probe, .sendFields, .writeToCarrier, .pingCarrier: break
            }
        }
        if atOnce > Self.mostAtOnce { finding = "what is written at once is bounded" }
    }

    private mutating func write(_ octets: [UInt8]) {
        if hasEndedOutput { finding = "nothing is written behind the end of our output" }
        written += octets.prefix(max(0, Self.mostKept - written.count))
    }
}
