import WSProtocol

/// A part of a conversation in which rules look for findings, whatever the scenario is about.
package enum ConversationPart: String, Sendable, Hashable, Codable, CaseIterable {
    /// TCP connected.
    case connection
    /// A connection of HTTP/2 carried the conversation.
    case carrier
    /// A client sent a whole request.
    case request
    /// A server sent a response, accepting or not.
    case response
    /// A server accepted an opening handshake with 101.
    case handshake
    /// The peer sent a frame.
    case frames
    /// The peer sent a compressed message.
    case compression
    /// The peer sent a Close frame.
    case closing

    /// The plural noun for a sentence.
    package var plural: String {
        switch self {
        case .connection: "connections"
        case .carrier: "connections of HTTP/2"
        case .request: "requests"
        case .response: "responses"
        case .handshake: "handshakes"
        case .frames: "conversations"
        case .compression: "conversations with compression"
        case .closing: "closing handshakes"
        }
    }

    /// The singular noun for a sentence.
    package var singular: String {
        switch self {
        case .compression: "conversation with compression"
        case .carrier: "connection of HTTP/2"
        default: String(plural.dropLast())
        }
    }
}

extension Case {
    /// The parts that this conversation had.
    var parts: [ConversationPart] {
        ConversationPart.allCases.filter { part in
            switch part {
            case .connection: wasConnected
            case .carrier: timeline.carrier != nil
            case .request: roleUnderTest == .client && (!timeline.requests.isEmpty || timeline.isOnStream)
            case .response: roleUnderTest == .server && !timeline.responses.isEmpty
            case .handshake: roleUnderTest == .server && isOpened && timeline.agreeingHead != nil
            case .frames: !timeline.receivedFrames.isEmpty
            case .compression: timeline.hasCompressedMessage
            case .closing: timeline.peerCloseIndex != nil
            }
        }
    }
}
