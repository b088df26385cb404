/// Whether a frame is one that the observed endpoint sends, or one that it receives.
package enum HTTP2Direction: Int, Sendable, Hashable, CaseIterable {
    /// The endpoint sends it.
    case sent
    /// The endpoint receives it.
    case received

    /// The other way.
    package var opposite: Self { self == .sent ? .received : .sent }
}

/// The state of a stream as one endpoint sees it (RFC 9113 section 5.1).
package enum HTTP2StreamState: Sendable, Hashable {
    /// Nobody has used it.
    case idle
    /// The endpoint has promised it.
    case reservedLocal
    /// The other one has.
    case reservedRemote
    /// Both may send.
    case open
    /// The endpoint has sent END_STREAM.
    case halfClosedLocal
    /// The other one has.
    case halfClosedRemote
    /// It is over.
    case closed(HTTP2StreamClosure)

    /// Whether it counts for SETTINGS_MAX_CONCURRENT_STREAMS (section 5.1.2).
    package var isActive: Bool { self == .open || self == .halfClosedLocal || self == .halfClosedRemote }

    /// Whether it is over.
    package var isClosed: Bool {
        if case .closed = self { true } else { false }
    }
}

/// How a stream came to its end.
package enum HTTP2StreamClosure: Sendable, Hashable {
    /// Both have sent END_STREAM.
    case ended
    /// The endpoint has sent RST_STREAM.
    case resetSent
    /// It has received RST_STREAM.
    case resetReceived
}

/// Follows the state of one stream and tells which frames do not fit it; a frame that does not fit changes nothing.
///
/// The view is that of one endpoint. What the other one sends may cross what this one does: after its own RST_STREAM
/// everything may come, and after END_STREAM of both WINDOW_UPDATE and RST_STREAM (RFC 9113 section 5.1).
package struct HTTP2StreamMachine: Sendable, Hashable {
    /// The state.
    package private(set) var state = HTTP2StreamState.idle

    /// The machine of an idle stream.
    package init() {}

    /// Takes a frame on the stream, without its END_STREAM.
    ///
    /// - Returns: The rule that it violates.
    package mutating func take(_ type: HTTP2FrameType, _ direction: HTTP2Direction) -> HTTP2Rule? {
        guard type != .priority, type.isDefined, type != .continuation else { return nil }
        if let rule = problem(type, direction) { return rule }
        switch (type, state) {
        case (.headers, .idle): state = .open
        case (.headers, .reservedLocal): state = .halfClosedRemote
        case (.headers, .reservedRemote): state = .halfClosedLocal
        case (.resetStream, .closed): break
        case (.resetStream, _): state = .closed(direction == .sent ? .resetSent : .resetReceived)
        default: break
        }
        return nil
    }

    /// Takes the END_STREAM of a frame that fitted.
    package mutating func end(_ direction: HTTP2Direction) {
        switch (state, direction) {
        case (.open, .sent): state = .halfClosedLocal
        case (.open, .received): state = .halfClosedRemote
        case (.halfClosedLocal, .received), (.halfClosedRemote, .sent): state = .closed(.ended)
        default: break
        }
    }

    /// Takes a promise of the stream, which has to be idle.
    package mutating func reserve(_ direction: HTTP2Direction) {
        if state == .idle { state = direction == .sent ? .reservedLocal : .reservedRemote }
    }

    private func problem(_ type: HTTP2FrameType, _ direction: HTTP2Direction) -> HTTP2Rule? {
        let isManagement = type == .windowUpdate || type == .resetStream
        switch (state, direction) {
        case (.idle, _): return type == .headers ? nil : .frameOnIdleStream
        case (.reservedLocal, .sent), (.reservedRemote, .received):
            return type == .headers || type == .resetStream ? nil : .frameOnReservedStream
        case (.reservedLocal, .received), (.reservedRemote, .sent): return isManagement ? nil : .frameOnReservedStream
        case (.open, _), (.halfClosedLocal, .received), (.halfClosedRemote, .sent): return nil
        case (.halfClosedLocal, .sent), (.halfClosedRemote, .received): return isManagement ? nil : .frameAfterEndStream
        case (.closed(.ended), .received): return isManagement ? nil : .frameAfterEndStream
        case (.closed(.ended), .sent): return isManagement ? .frameOnClosedStream : .frameAfterEndStream
        case (.closed(.resetSent), .received): return nil
        // What still comes on the stream may be answered with another RST_STREAM (RFC 9113 section 6.1).
        case (.closed(.resetSent), .sent), (.closed(.resetReceived), .received):
            return type == .resetStream ? nil : .frameAfterReset
        case (.closed(.resetReceived), .sent): return .frameAfterReset
        }
    }
}
