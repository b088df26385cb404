/// How many octets of DATA may still be sent (RFC 9113 section 6.9.1).
package struct HTTP2Window: Sendable, Hashable {
    /// The largest size of a window.
    package static let maximum: UInt32 = 1 << 31 - 1

    /// The size, which SETTINGS can make negative (section 6.9.2).
    package private(set) var size: Int64

    /// A window of a size.
    package init(_ size: UInt32 = 65_535) {
        self.size = Int64(size)
    }

    /// Takes octets out, whether or not they fit.
    ///
    /// - Returns: Whether they fit. None always do (section 6.9.1).
    @discardableResult
    package mutating func take(_ octets: Int) -> Bool {
        let fits = octets == 0 || Int64(octets) <= size
        let (left, overflow) = size.subtractingReportingOverflow(Int64(octets))
        size = overflow ? .min : left
        return fits
    }

    /// Changes the size, unless it becomes too large.
    ///
    /// - Returns: Whether it has changed.
    @discardableResult
    package mutating func change(by difference: Int64) -> Bool {
        let (changed, overflow) = size.addingReportingOverflow(difference)
        guard !overflow, changed <= Int64(Self.maximum) else { return false }
        size = changed
        return true
    }
}

/// The windows for the DATA of one direction: that of the connection and those of its streams.
package struct HTTP2FlowControl: Sendable, Hashable {
    /// The window of the connection.
    package private(set) var connection = HTTP2Window()
    /// The window that streams have when they open: SETTINGS_INITIAL_WINDOW_SIZE of the receiver.
    package private(set) var initialSize: UInt32 = 65_535

    private var streams: [UInt32: HTTP2Window] = [:]

    /// Windows as they are when a connection begins.
    package init() {}

    /// The window of an open stream; nil if there is none.
    package subscript(streamID: UInt32) -> HTTP2Window? { streams[streamID] }

    /// How many octets may be sent on a stream now.
    package func available(on streamID: UInt32) -> Int {
        guard let stream = streams[streamID] else { return 0 }
        return Int(max(0, min(stream.size, connection.size)))
    }

    /// Gives a stream its window.
    package mutating func open(_ streamID: UInt32) {
        streams[streamID] = HTTP2Window(initialSize)
    }

    /// Forgets the window of a stream.
    package mutating func close(_ streamID: UInt32) {
        streams[streamID] = nil
    }

    /// Counts the payload of a DATA frame, padding included; on a stream without a window for the connection alone.
    ///
    /// - Returns: The rules that it violates.
    package mutating func send(_ octets: Int, on streamID: UInt32) -> [HTTP2Rule] {
        let fitsConnection = connection.take(octets)
        let fitsStream = streams[streamID]?.take(octets) ?? true
        if fitsConnection, fitsStream { return [] }
        return (fitsStream ? [] : [.streamWindowExceeded]) + (fitsConnection ? [] : [.connectionWindowExceeded])
    }

    /// Enlarges a window; stream 0 is the connection, and a stream without a window is left alone.
    ///
    /// - Returns: Whether the window stays in its bounds; otherwise it is not changed.
    package mutating func update(_ increment: UInt32, on streamID: UInt32) -> Bool {
        guard streamID != 0 else { return connection.change(by: Int64(increment)) }
        return streams[streamID]?.change(by: Int64(increment)) ?? true
    }

    /// Changes the size of windows of streams, open ones included (RFC 9113 section 6.9.2).
    ///
    /// - Returns: The streams whose windows would become too large, and are not changed; in order.
    package mutating func setInitialSize(_ size: UInt32) -> [UInt32] {
        let difference = Int64(size) - Int64(initialSize)
        initialSize = size
        guard difference != 0 else { return [] }
        var overflowing: [UInt32] = []
        for streamID in streams.keys where streams[streamID]?.change(by: difference) == false {
            overflowing.append(streamID)
        }
        return overflowing.sorted()
    }
}
