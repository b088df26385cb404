import WSHTTP2
import WSLink

/// A rule of HTTP/2 that an end is made to break, for tests of who finds that.
package enum HTTP2LinkFlaw: Sendable, Hashable, CaseIterable {
    /// It overlooks every violation.
    case overlooksViolations
    /// It does not look at END_STREAM of the client.
    case overlooksEndStream
    /// It acknowledges the first SETTINGS frame alone.
    case acknowledgesOnce
    /// It answers no PING.
    case leavesPingsUnanswered
    /// It ends the connection over frames of unknown types.
    case rejectsUnknownFrames
    /// It ends the connection over a GOAWAY without an error.
    case endsAtGoAway
    /// It sends without a look at the windows.
    case exceedsWindows
    /// It takes padding for data.
    case keepsPadding
    /// It resets a stream over DATA without data.
    case rejectsEmptyData
    /// It ends the connection over WINDOW_UPDATE, RST_STREAM and PRIORITY on a closed stream.
    case rejectsFramesOnClosedStreams
    /// It sends DATA on a stream that the client has reset.
    case sendsAfterReset
    /// It ends the connection when the client resets a stream.
    case endsConnectionsOverResets
    /// It takes ENABLE_CONNECT_PROTOCOL back once it was used.
    case withdrawsConnectProtocol
    /// It sets ENABLE_CONNECT_PROTOCOL to 2 once it was used.
    case setsConnectProtocolToTwo
    /// It ends the connection when a client sends ENABLE_CONNECT_PROTOCOL.
    case rejectsConnectProtocol
    /// It never ends a stream that it has accepted.
    case neverEndsStreams
    /// It serves more streams than it says that it takes at a time.
    case overlooksLimit
    /// It opens WebSockets at servers whose SETTINGS do not take them.
    case needsNoSetting
    /// It refuses every stream but the first.
    case servesOneStream
}

/// What a server with flaws does where one without would do otherwise.
extension HTTP2Link {
    func has(_ flaw: HTTP2LinkFlaw) -> Bool { settings.flaws.contains(flaw) }

    /// Reacts to the header of a frame as flaws want it; returns whether the connection was ended.
    mutating func spoil(_ header: HTTP2FrameHeader, _ now: LinkInstant, _ actions: inout [LinkAction]) -> Bool {
        guard !settings.flaws.isEmpty else { return false }
        let isOnClosed = header.streamID != 0 && observer.state(of: header.streamID)?.isClosed == true
        let isOfState: Set<HTTP2FrameType> = [.windowUpdate, .resetStream, .priority]
        if has(.rejectsFramesOnClosedStreams), isOnClosed, isOfState.contains(header.type) {
            fail(.streamClosed, "\(header.type.name) on a closed stream", now, &actions)
        } else if has(.rejectsUnknownFrames), !header.type.isDefined {
            fail(.protocolError, "a frame of an unknown type", now, &actions)
        } else if has(.endsAtGoAway), header.type == .goAway {
            fail(.noError, "the client goes away", now, &actions)
            close(now, &actions)
        } else if has(.rejectsEmptyData), header.type == .data, header.length == 0, !header.endsStream {
            reset(header.streamID, .protocolError, as: .reset, now, &actions)
        }
        return stage != .open
    }

    /// Reacts to the payload of a frame as flaws want it; returns whether that was all.
    mutating func spoil(
        _ payload: HTTP2Payload,
        of header: HTTP2FrameHeader,
        _ now: LinkInstant,
        _ actions: inout [LinkAction]
    ) -> Bool {
        guard !settings.flaws.isEmpty else { return false }
        switch payload {
        case .settings(let all):
            if has(.rejectsConnectProtocol), all.contains(where: { $0.identifier == .enableConnectProtocol }) {
                fail(.protocolError, "ENABLE_CONNECT_PROTOCOL from a client", now, &actions)
                return true
            }
            return has(.acknowledgesOnce) && hasSettings
        case .ping(let octets, isAcknowledgment: false):
            if has(.sendsAfterReset), let id = lastReset {
                // In one write, so that who ends the connection with the answer has read both.
                let pong = HTTP2Frame.ping(octets, isAcknowledgment: true)
                write(pong.encoded + HTTP2Frame.data([0x8A, 0x00], on: id).encoded, &actions)
                return true
            }
            return has(.leavesPingsUnanswered)
        case .data(_, let padding) where padding > 1 && has(.keepsPadding):
            let octets = [UInt8](repeating: 0, count: padding - 1)
            takeData(octets.span, on: header.streamID, now, &actions)
        default: break
        }
        return false
    }

    /// What flaws send behind the first request.
    mutating func spoilBehindRequest(_ actions: inout [LinkAction]) {
        guard has(.withdrawsConnectProtocol) || has(.setsConnectProtocolToTwo) else { return }
        let value: UInt32 = has(.withdrawsConnectProtocol) ? 0 : 2
        write(HTTP2Frame.settings([HTTP2Setting(.enableConnectProtocol, value)]).encoded, &actions)
    }
}
