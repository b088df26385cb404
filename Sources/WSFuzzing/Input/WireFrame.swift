import WSKernels
package import WSProtocol

/// A frame with any errors; the declared length may differ from the payload's.
package struct WireFrame: Sendable, Hashable {
    /// FIN, the reserved bits and the opcode, as on the wire.
    package var firstOctet: UInt8
    /// The masking key; nil for an unmasked frame.
    package var key: UInt32?
    /// The form of the length; ignored if the length does not fit.
    package var form: PayloadLengthEncoding
    /// The length in the header.
    package var declaredLength: UInt64
    /// The unmasked payload.
    package var payload: [UInt8]

    /// Creates a frame.
    package init(
        firstOctet: UInt8,
        key: UInt32?,
        form: PayloadLengthEncoding = .minimal,
        declaredLength: UInt64? = nil,
        payload: [UInt8]
    ) {
        self.firstOctet = firstOctet
        self.key = key
        self.form = form
        self.declaredLength = declaredLength ?? UInt64(payload.count)
        self.payload = payload
    }

    /// Whether the declared length is that of the payload.
    package var isExact: Bool { declaredLength == UInt64(payload.count) }

    /// The header.
    package var header: FrameHeader {
        FrameHeader(
            fin: firstOctet & 0x80 != 0,
            rsv: firstOctet >> 4 & 7,
            opcode: Opcode(rawValue: firstOctet),
            maskingKey: key.map { MaskingKey(rawValue: $0) },
            payloadLength: declaredLength,
            lengthEncoding: declaredLength <= form.maximum ? form : .minimal
        )
    }

    /// Appends the octets of the frame.
    package func append(to stream: inout [UInt8]) {
        header.encode(payload: payload.span, into: &stream)
    }

    /// Replaces the payload and its declared length.
    package mutating func replacePayload(_ payload: [UInt8]) {
        self.payload = payload
        declaredLength = UInt64(payload.count)
    }

    /// Divides a stream into frames; an incomplete header is returned as the rest.
    package static func read(_ stream: [UInt8]) -> (frames: [WireFrame], rest: [UInt8]) {
        var frames: [WireFrame] = []
        var decoder = FrameDecoder()
        var position = 0
        var end = 0
        while let event = decoder.next(in: stream.span, at: &position) {
            switch event {
            case .header(let header, _):
                let firstOctet = (header.fin ? 0x80 : 0) | header.rsv << 4 | header.opcode.rawValue
                frames.append(
                    WireFrame(
                        firstOctet: firstOctet,
                        key: header.maskingKey?.rawValue,
                        form: header.lengthEncoding,
                        declaredLength: header.payloadLength,
                        payload: []
                    )
                )
                end = position
            case .payload(let chunk, _):
                let last = frames.count - 1
                let key = frames[last].key ?? 0
                Masking.append(stream.span.extracting(chunk), key: key, phase: 0, to: &frames[last].payload)
                end = position
            case .end: break
            }
        }
        return (frames, Array(stream[end...]))
    }
}
