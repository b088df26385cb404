import WSProtocol

/// A frame that is about to be sent, and why.
struct OutgoingFrame: Sendable, Hashable {
    /// What led to a frame.
    enum Purpose: Sendable {
        /// A message came.
        case echo
        /// A Ping came.
        case pong
        /// A Close came.
        case closeReply
        /// A rule was broken.
        case failure
        /// A defect wants it.
        case surplus
    }

    var purpose: Purpose
    var opcode: Opcode
    var payload: [UInt8]
    var fin = true
    var rsv: UInt8 = 0
    var maskingKey: MaskingKey?
    var lengthEncoding = PayloadLengthEncoding.minimal
    /// Added to the length that the header declares.
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
