import WSLink
import WSProtocol

/// The octets to send, in order, handed to the link no faster than the network accepts them.
///
/// Short frames are combined into one write. At most a window of octets is handed to the link; the rest waits here
/// until the link reports that these were sent.
struct Outbox: Sendable {
    /// The number of octets after which the link is asked to report that they were sent.
    static let window = 262_144

    /// How many octets wait here.
    private(set) var backlog = 0

    /// Chunks from index `first` on; the earlier ones were handed over.
    private var queue: [[UInt8]] = []
    private var first = 0
    /// Short frames that follow the queue.
    private var gathered: [UInt8] = []
    private var handedOver = 0
    private var isAwaitingNotice = false

    /// Whether everything has been handed to the link.
    var isEmpty: Bool { backlog == 0 }

    /// Appends octets that are not a frame.
    mutating func append(octets: [UInt8]) {
        gathered += octets
        backlog += octets.count
    }

    /// Appends a frame.
    mutating func append(_ frame: OutgoingFrame) {
        let before = gathered.count
        frame.header.encode(payload: frame.payload.span, into: &gathered)
        backlog += gathered.count - before
    }

    /// Appends frames.
    mutating func append(_ frames: [OutgoingFrame]) {
        for frame in frames { append(frame) }
    }

    /// Appends a frame with its payload in chunks, which are not copied.
    mutating func append(_ header: FrameHeader, chunks: [[UInt8]]) {
        let before = gathered.count
        header.encode(into: &gathered)
        backlog += gathered.count - before
        queue.append(gathered)
        gathered = []
        for chunk in chunks {
            queue.append(chunk)
            backlog += chunk.count
        }
    }

    /// Hands over as much as the window allows.
    mutating func flush(into actions: inout [LinkAction]) {
        while !isAwaitingNotice, let octets = next() {
            backlog -= octets.count
            handedOver += octets.count
            actions.append(.write(octets))
            guard handedOver >= Self.window else { continue }
            handedOver = 0
            isAwaitingNotice = true
            actions.append(.notifyWhenWritten)
        }
    }

    /// Opens the window again after everything handed over was sent.
    mutating func haveWritten() {
        isAwaitingNotice = false
    }

    /// Drops everything.
    mutating func forget() {
        self = Outbox()
    }

    private mutating func next() -> [UInt8]? {
        if first < queue.count {
            let chunk = queue[first]
            // Releases the chunk here as soon as it was handed over.
            queue[first] = []
            first += 1
            if first == queue.count {
                queue.removeAll(keepingCapacity: true)
                first = 0
            }
            return chunk
        }
        guard !gathered.isEmpty else { return nil }
        let octets = gathered
        gathered = []
        return octets
    }
}
