import WSProtocol

/// A frame to be sent, and the reason for it.
struct OutgoingFrame: Sendable, Hashable {
    /// The reason for a frame.
    enum Purpose: Sendable {
        /// It echoes a message.
        case echo
        /// It answers a Ping.
        case pong
        /// It answers a Close frame.
        case closeReply
        /// It fails the connection after a violation.
        case failure
        /// A defect, or the application, sends it unasked.
        case surplus
    }

    var purpose: Purpose
    var opcode: Opcode
    var payload: [UInt8]
    var fin = true
    var rsv: UInt8 = 0
    /// Whether it has the answer to a message that was compressed.
    var answersCompressed = false
    var maskingKey: MaskingKey?
    var lengthEncoding = PayloadLengthEncoding.minimal
    /// The number to add to the length in the header.
    var lengthExcess: UInt64 = 0

    init(_ purpose: Purpose, _ opcode: Opcode, _ payload: [UInt8] = [], fin: Bool = true) {
        self.purpose = purpose
        self.opcode = opcode
        self.payload = payload
        self.fin = fin
    }

    var header: FrameHeader {
        FrameHeader(
            fin: fin,
            rsv: rsv,
            opcode: opcode,
            maskingKey: maskingKey,
            payloadLength: UInt64(payload.count) + lengthExcess,
            lengthEncoding: lengthEncoding
        )
    }
}
