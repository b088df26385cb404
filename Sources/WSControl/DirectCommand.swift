import WSLimits
import WSProtocol

/// What a client has us do in direct command mode, in which it drives us frame by frame.
enum DirectCommand: Sendable, Hashable {
    /// Send frames, legal or not.
    case send([Frame])
    /// Start the closing handshake.
    case close(CloseBody)

    /// How many frames one command may send.
    static let mostFrames = Limits.commandFrames.value
    /// How many octets of payload one command may send.
    static let mostOctets = Limits.commandOctets.value

    /// A frame to send.
    struct Frame: Sendable, Hashable {
        var header: FrameHeader
        var payload: [UInt8]
        /// Cut into writes of so many octets; nil for one write.
        var pieceLength: Int?

        /// The frame on the wire.
        var octets: [UInt8] {
            var octets: [UInt8] = []
            header.encode(payload: payload.span, into: &octets)
            return octets
        }
    }
}

/// Why a direct command was not carried out, in one line.
struct DirectCommandError: Error, Sendable, Hashable {
    var description: String

    init(_ description: String) {
        self.description = description
    }
}
