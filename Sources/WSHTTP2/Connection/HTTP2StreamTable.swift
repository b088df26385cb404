import WSLimits

/// A stream that an observer follows.
struct HTTP2Stream: Sendable, Hashable {
    var machine = HTTP2StreamMachine()
    var exchange = HTTP2Exchange()
}

/// The streams of a connection; at most as many as `followed-streams` allows.
struct HTTP2StreamTable: Sendable {
    private var streams: [UInt32: HTTP2Stream] = [:]
    /// Closed streams, in the order in which they closed; those before `oldest` are forgotten.
    private var closed: [UInt32] = []
    private var oldest = 0
    /// Whether any stream was forgotten or not followed, so that one that is missing may be anything.
    private(set) var isIncomplete = false
    private let capacity: Int

    init(capacity: Int = Limits.followedStreams.value) { self.capacity = capacity }

    /// The stream with an identifier; nil if it is not followed.
    subscript(streamID: UInt32) -> HTTP2Stream? { streams[streamID] }

    /// The number of streams that are followed.
    var count: Int { streams.count }

    /// Whether DATA on a stream come before the section that they belong to.
    func isTooEarlyForData(_ streamID: UInt32, from role: HTTP2Role) -> Bool {
        streams[streamID]?.exchange.isTooEarlyForData(from: role) ?? false
    }

    /// Follows a stream that was idle.
    ///
    /// - Returns: Whether there is room.
    mutating func insert(_ stream: HTTP2Stream, _ streamID: UInt32) -> Bool {
        if streams.count >= capacity {
            isIncomplete = true
            guard oldest < closed.count else { return false }
            streams[closed[oldest]] = nil
            oldest += 1
            if oldest > 1_024 {
                closed.removeFirst(oldest)
                oldest = 0
            }
        }
        streams[streamID] = stream
        return true
    }

    /// Changes a stream that is followed, and returns what the change returns, with the states before and after.
    mutating func change<Result>(
        _ streamID: UInt32,
        _ body: (inout HTTP2Stream) -> Result
    ) -> (result: Result, before: HTTP2StreamState, after: HTTP2StreamState)? {
        guard let index = streams.index(forKey: streamID) else { return nil }
        let before = streams.values[index].machine.state
        let result = body(&streams.values[index])
        let after = streams.values[index].machine.state
        if after.isClosed, !before.isClosed { closed.append(streamID) }
        return (result, before, after)
    }
}
