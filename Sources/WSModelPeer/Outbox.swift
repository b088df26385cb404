import WSLink
import WSProtocol

/// What is to be sent, in order, handed to the link no faster than the network takes it.
///
/// Short frames are gathered into one write. At most a window of octets is in the link's hands; the rest waits here
/// until the link says that those have left.
struct Outbox: Sendable {
    /// After how many octets the link is asked to say when they have left.
    static let window = 262_144

    /// How many octets wait here.
    private(set) var backlog = 0

    /// Whole chunks, from `first` on; what stands before has been handed over.
    private var queue: [[UInt8]] = []
    private var first = 0
    /// Short frames, to be sent after the queue.
    private var gathered: [UInt8] = []
    private var handedOver = 0
    private var isAwaitingNotice = false

    /// Whether everything has been handed to the link.
    var isEmpty: Bool { backlog == 0 }

    /// Adds octets that are no frame.
    mutating func append(octets: [UInt8]) {
        gathered += octets
        backlog += octets.count
    }

    /// Adds a frame.
    mutating func append(_ frame: OutgoingFrame) {
        let before = gathered.count
        frame.header.encode(payload: frame.payload.span, into: &gathered)
        backlog += gathered.count - before
    }

    /// Adds frames.
    mutating func append(_ frames: [OutgoingFrame]) {
        for frame in frames { append(frame) }
    }

    /// Adds a frame whose payload is given in chunks, which are not copied.
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

    /// Hands over what the window has room for.
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

    /// Opens the window again: what was handed over has left.
    mutating func haveWritten() {
        isAwaitingNotice = false
    }

    /// Lets go of everything.
    mutating func forget() {
        self = Outbox()
    }

    private mutating func next() -> [UInt8]? {
        if first < queue.count {
            let chunk = queue[first]
            // The chunk must not outlive its write here.
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
