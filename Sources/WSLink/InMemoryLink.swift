/// Two machines joined by a stream that exists only in memory, on a clock that jumps from event to event.
///
/// Everything is deterministic and nothing ever waits: a deadline of minutes passes in microseconds. Octets take
/// ``latency`` from one side to the other.
package struct InMemoryLink<Client: LinkMachine, Server: LinkMachine>: Sendable {
    /// The machine that opened the link.
    package private(set) var client: Client
    /// The machine that accepted the link.
    package private(set) var server: Server
    /// Every octet that the client's side sent, in order.
    package private(set) var sentByClient: [UInt8] = []
    /// Every octet that the server's side sent, in order.
    package private(set) var sentByServer: [UInt8] = []
    /// The lengths of the client's writes, in order.
    package private(set) var clientWrites: [Int] = []

    private let latency: LinkDuration
    private let answersProbes: Bool
    private let clientOverhearsEnd: Bool
    private let chunkLength: Int
    private let finelyCut: Int
    private var now = LinkInstant.zero
    private var queue = EventQueue()
    private var nextOrder = 0
    private var timers: [Side: [LinkTimer: (at: LinkInstant, order: Int)]] = [.client: [:], .server: [:]]
    private var hasReset: [Side: Bool] = [:]
    private var isOver: [Side: Bool] = [.client: false, .server: false]
    /// The octets that arrived at a side that does not read; nil while it reads.
    private var unread: [Side: [Entry]] = [:]

    private enum Side: Hashable, Sendable {
        case client
        case server

        var other: Self { self == .client ? .server : .client }
    }

    private enum Event: Sendable {
        case connected
        case received([UInt8])
        case writable
        case timer(LinkTimer, order: Int)
        case probesAnswered
        case ended(LinkEnd)
    }

    private struct Entry: Sendable {
        var at: LinkInstant
        var order: Int
        var side: Side
        var event: Event

        func isBefore(_ other: Entry) -> Bool { (at, order) < (other.at, other.order) }
    }

    /// A binary heap: the earliest entry first, among equals the one posted first.
    private struct EventQueue: Sendable {
        private var heap: [Entry] = []

        mutating func insert(_ entry: Entry) {
            heap.append(entry)
            var index = heap.count - 1
            while index > 0, heap[index].isBefore(heap[(index - 1) / 2]) {
                heap.swapAt(index, (index - 1) / 2)
                index = (index - 1) / 2
            }
        }

        mutating func popFirst() -> Entry? {
            guard !heap.isEmpty else { return nil }
            heap.swapAt(0, heap.count - 1)
            let first = heap.removeLast()
            var index = 0
            while 2 * index + 1 < heap.count {
                let left = 2 * index + 1
                let right = left + 1
                let child = right < heap.count && heap[right].isBefore(heap[left]) ? right : left
                guard heap[child].isBefore(heap[index]) else { break }
                heap.swapAt(index, child)
                index = child
            }
            return first
        }
    }

    /// Joins two machines; at most `chunkLength` octets arrive at once, `latency` after they were sent.
    ///
    /// That holds for the first `finelyCut` octets of each direction. After these, up to 251 octets arrive at once, if
    /// that is more; it is a prime, so that borders of frames or buffers are cut at changing places. Probes, for which
    /// there is no other connection, are answered at once or never. A client that overhears the end leaves its side
    /// open when the server has ended its own.
    package init(
        client: Client,
        server: Server,
        chunkLength: Int = 65_536,
        finelyCut: Int = .max,
        latency: LinkDuration = .microseconds(50),
        answersProbes: Bool = true,
        clientOverhearsEnd: Bool = false
    ) {
        self.answersProbes = answersProbes
        self.clientOverhearsEnd = clientOverhearsEnd
        self.client = client
        self.server = server
        self.chunkLength = max(1, chunkLength)
        self.finelyCut = finelyCut
        self.latency = latency
    }

    /// Runs until both machines have received the end of their link, or no event is left.
    ///
    /// - Parameters:
    ///   - limit: The latest time; a test that reaches it has found a hang.
    ///   - stall: How far the clock jumps before an event, by its number from 0, as that of a process that did not run.
    package mutating func run(
        until limit: LinkInstant = LinkInstant(nanoseconds: 3_600_000_000_000),
        stall: (Int) -> LinkDuration = { _ in .milliseconds(0) }
    ) {
        post(.connected, to: .client, at: now + latency)
        post(.connected, to: .server, at: now + latency)
        var number = 0
        while let entry = queue.popFirst(), entry.at <= limit {
            now = max(now, entry.at) + stall(number)
            number += 1
            deliver(entry)
        }
    }

    private mutating func post(_ event: Event, to side: Side, at moment: LinkInstant) {
        queue.insert(Entry(at: moment, order: nextOrder, side: side, event: event))
        nextOrder += 1
    }

    private mutating func deliver(_ entry: Entry) {
        guard isOver[entry.side] == false, !keepUnread(entry) else { return }
        if clientOverhearsEnd, entry.side == .client, case .ended(.finished) = entry.event { return }
        if case .timer(let timer, let order) = entry.event {
            guard timers[entry.side]?[timer]?.order == order else { return }
            timers[entry.side]?[timer] = nil
        }
        var actions: [LinkAction] = []
        switch entry.side {
        case .client: Self.hand(entry.event, to: &client, at: now, &actions)
        case .server: Self.hand(entry.event, to: &server, at: now, &actions)
        }
        if case .ended = entry.event {
            isOver[entry.side] = true
            if isOver[entry.side.other] == false {
                post(.ended(hasReset[entry.side] == true ? .reset : .finished), to: entry.side.other, at: now + latency)
            }
            return
        }
        for action in actions { carryOut(action, for: entry.side) }
    }

    private static func hand(
        _ event: Event,
        to machine: inout some LinkMachine,
        at now: LinkInstant,
        _ actions: inout [LinkAction]
    ) {
        switch event {
        case .connected: machine.linkConnected(at: now, actions: &actions)
        case .received(let octets): machine.linkReceived(octets.span, at: now, actions: &actions)
        case .writable: machine.linkWritable(at: now, actions: &actions)
        case .timer(let timer, _): machine.linkTimerFired(timer, at: now, actions: &actions)
        case .probesAnswered: machine.linkProbesAnswered(at: now, actions: &actions)
        case .ended(let end): machine.linkEnded(end, at: now)
        }
    }

    private mutating func carryOut(_ action: LinkAction, for side: Side) {
        switch action {
        case .write(let octets):
            if side == .client { clientWrites.append(octets.count) }
            send(octets, from: side)
        case .writePieces(let octets, let size):
            var start = 0
            while start < octets.count {
                let end = min(start + size, octets.count)
                if side == .client { clientWrites.append(end - start) }
                start = end
            }
            send(octets, from: side)
        case .sendFields, .writeToCarrier, .pingCarrier: break
        case .notifyWhenWritten:
            post(.writable, to: side, at: now)
        case .setTimer(let timer, let moment):
            let due = max(moment, now)
            timers[side]?[timer] = (at: due, order: nextOrder)
            post(.timer(timer, order: nextOrder), to: side, at: due)
        case .cancelTimer(let timer):
            timers[side]?[timer] = nil
        case .probe(_, let limit):
            post(.probesAnswered, to: side, at: answersProbes ? min(limit, now + .milliseconds(1)) : limit)
        case .pauseReading:
            unread[side] = unread[side] ?? []
        case .resumeReading:
            // They keep their order and come before everything that is still on its way.
            for entry in unread.removeValue(forKey: side) ?? [] {
                queue.insert(Entry(at: now, order: entry.order, side: side, event: entry.event))
            }
        case .closeOutput:
            post(.ended(.finished), to: side.other, at: now + latency)
        case .reset:
            hasReset[side] = true
            post(.ended(.closedHere), to: side, at: now)
        case .close:
            post(.ended(.closedHere), to: side, at: now)
        }
    }

    /// Keeps an event from the other side if this side does not read; returns whether it did.
    private mutating func keepUnread(_ entry: Entry) -> Bool {
        guard unread[entry.side] != nil else { return false }
        switch entry.event {
        case .received, .ended(.finished):
            unread[entry.side]?.append(entry)
            return true
        case .connected, .writable, .timer, .probesAnswered, .ended: return false
        }
    }

    private mutating func send(_ octets: [UInt8], from side: Side) {
        let before = side == .client ? sentByClient.count : sentByServer.count
        if side == .client { sentByClient += octets } else { sentByServer += octets }
        var start = 0
        while start < octets.count {
            let length = before + start < finelyCut ? chunkLength : max(chunkLength, 251)
            let end = min(start + length, octets.count)
            post(.received(Array(octets[start..<end])), to: side.other, at: now + latency)
            start = end
        }
    }
}
