import WSLink
import WSModelPeer
import WSProtocol

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The defects of a server that need a process; the model peer itself knows no process.
///
/// They show what `--supervise` observes, and how a run without it handles such a server.
enum ProcessDefect: String, CaseIterable, Sendable {
    case exitsOnOneOctetClose = "exits-on-one-octet-close"
    case exitsOnText = "exits-on-text"
    case abortsOnRSV3 = "aborts-on-rsv3"
    case hoardsPings = "hoards-pings"

    /// One sentence that says what the server does.
    var summary: String {
        switch self {
        case .exitsOnOneOctetClose: "Exits with status 3 when a Close has a body of one octet."
        case .exitsOnText: "Exits with status 3 when a text message comes, as every run sends one first."
        case .abortsOnRSV3: "Aborts when a frame has RSV3 set."
        case .hoardsPings: "Keeps a mebibyte for each Ping."
        }
    }
}

/// The model server with defects of its process.
struct CrashingServer: LinkMachine {
    private var server: ModelServer
    private let defects: Set<ProcessDefect>
    private var head = HTTPHeadDecoder(expecting: .request)
    private var decoder: StreamDecoder?
    private var hoard: [[UInt8]] = []

    init(_ settings: ModelServerSettings, defects: Set<ProcessDefect>) {
        server = ModelServer(settings)
        self.defects = defects
    }

    mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {
        server.linkConnected(at: now, actions: &actions)
    }

    mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {
        var position = 0
        if decoder == nil, case .complete(_, let consumed) = head.feed(bytes) {
            position = consumed
            decoder = StreamDecoder(sender: .client)
        }
        while let event = decoder?.next(in: bytes, at: &position) { suffer(event) }
        server.linkReceived(bytes, at: now, actions: &actions)
    }

    mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) {
        server.linkWritable(at: now, actions: &actions)
    }

    mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {
        server.linkTimerFired(timer, at: now, actions: &actions)
    }

    mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) {
        server.linkEnded(end, at: now)
    }

    private mutating func suffer(_ event: StreamEvent) {
        switch event {
        case .frame(let header, _) where header.rsv & 1 != 0 && defects.contains(.abortsOnRSV3):
            Console.draw("a frame with RSV3 cannot be\n")
            abort()
        case .frame(let header, _) where header.opcode == .text && defects.contains(.exitsOnText):
            Console.draw("a text message cannot be\n")
            exit(3)
        case .violation(let violation)
        where violation.rule == .closeBodyOneByte && defects.contains(.exitsOnOneOctetClose):
            Console.draw("a Close of one octet cannot be\n")
            exit(3)
        case .control(let frame) where frame.opcode == .ping && defects.contains(.hoardsPings):
            hoard.append([UInt8](repeating: 0x5A, count: 1 << 20))
        default: break
        }
    }
}
