import WSHTTP2
import WSLink

/// A stream of an ``HTTP2Link``, with the machine whose link it is.
struct HTTP2LinkStream: Sendable {
    let id: UInt32
    var machine: any LinkMachine
    /// Whether the machine has received the end of its link, after which it receives nothing.
    var hasEnded = false
    /// Octets that wait for a window.
    var queue = HTTP2SendQueue()
    /// Whether END_STREAM follows the queue.
    var endsBehindQueue = false
    /// Whether we have sent END_STREAM or RST_STREAM.
    var hasEndedOutput = false
    /// Whether the stream has a request that ends before its answer, as all but CONNECT do.
    var isOrdinary = false
    /// Whether the machine's link ends with its output, because the client has sent its whole request.
    var endsWithOutput = false
    /// Whether the machine asked to be told when the queue is empty.
    var wantsNotice = false
    /// Whether the link below was asked to tell when everything is written.
    var awaitsNotice = false
    /// Whether the machine asked for a probe.
    var awaitsProbe = false
    /// The octets that came while the machine does not read; nil while it reads.
    var held: [UInt8]?
    /// How the other endpoint ended the stream while the machine does not read.
    var heldEnd: LinkEnd?
    /// Whether the machine is told what moves on the connection.
    var isTold = true
    /// How many octets of DATA were read, and not given back to the other endpoint's window.
    var owedCredit = 0
    /// The timers that the machine has set.
    var timers: Set<LinkTimer> = []

    init(id: UInt32, machine: any LinkMachine) {
        self.id = id
        self.machine = machine
    }
}

/// Octets of one stream that were not sent, in order.
struct HTTP2SendQueue: Sendable {
    private struct Entry: Sendable {
        var octets: [UInt8]
        /// How many octets go into a frame and a write of their own; nil for as many as fit.
        var size: Int?
    }

    private var entries: [Entry] = []
    private var first = 0
    /// How many octets of the first entry were sent.
    private var sent = 0

    var isEmpty: Bool { first == entries.count }

    mutating func append(_ octets: [UInt8], pieces size: Int? = nil) {
        if !octets.isEmpty { entries.append(Entry(octets: octets, size: size)) }
    }

    /// Takes octets of the first entry for one frame.
    ///
    /// - Returns: The octets, and whether the next ones belong into a write of their own.
    mutating func next(atMost limit: Int) -> (octets: ArraySlice<UInt8>, endsWrite: Bool)? {
        guard first < entries.count, limit > 0 else { return nil }
        let entry = entries[first]
        let end = min(entry.octets.count, sent + min(limit, entry.size.map { $0 - sent % $0 } ?? .max))
        let octets = entry.octets[sent..<end]
        sent = end
        let isDone = end == entry.octets.count
        if isDone {
            entries[first].octets = []
            first += 1
            sent = 0
            if first == entries.count {
                entries.removeAll(keepingCapacity: true)
                first = 0
            }
        }
        return (octets, isDone || entry.size.map { end % $0 == 0 } ?? false)
    }

    mutating func forget() { self = HTTP2SendQueue() }
}
