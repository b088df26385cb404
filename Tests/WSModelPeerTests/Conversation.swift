import WSKernels
import WSLink
import WSModelPeer
import WSProtocol

/// What a client saw of a model server, cut into head and frames.
struct Conversation {
    /// A frame as it was on the wire.
    struct Frame: Equatable, CustomStringConvertible {
        var opcode: Opcode
        var payload: [UInt8]
        var fin = true
        var rsv: UInt8 = 0
        var isMasked = false
        var isMinimal = true

        init(_ opcode: Opcode, _ payload: [UInt8], fin: Bool = true) {
            self.opcode = opcode
            self.payload = payload
            self.fin = fin
        }

        init(_ opcode: Opcode, _ text: String, fin: Bool = true) {
            self.init(opcode, Array(text.utf8), fin: fin)
        }

        /// A Close frame with the code; its reason is left out where frames are compared.
        static func close(_ code: UInt16) -> Self { Self(.close, CloseBody(code: code).encoded) }

        var description: String {
            let flags = "\(fin ? "" : " more")\(rsv == 0 ? "" : " rsv \(rsv)")\(isMasked ? " masked" : "")"
            let text = payload.count <= 40 ? "\(payload)" : "\(payload.count) octets"
            return "\(opcode.name)\(flags)\(isMinimal ? "" : " long") \(text)"
        }
    }

    private(set) var head: HTTPHead?
    /// The octets behind the head.
    private(set) var octets: [UInt8] = []
    private(set) var frames: [Frame] = []
    /// The rules for frames that the server broke.
    private(set) var violations: [ViolationRule] = []
    /// How the connection ended for the client; `closedHere` means that the server had not ended it in a minute.
    let end: LinkEnd?
    /// From the client's last octet in to the end.
    let closingTime: LinkDuration
    let server: ModelServer

    var status: Int? { head.flatMap { StatusLine($0)?.code } }

    /// The frames, with the reasons of Close frames cut off.
    var plainFrames: [Frame] {
        frames.map { frame in
            guard frame.opcode == .close, frame.payload.count > 2 else { return frame }
            var plain = frame
            plain.payload = Array(frame.payload.prefix(2))
            return plain
        }
    }

    func values(of name: String) -> [String] { head?.values(of: name) ?? [] }

    init(_ client: ScriptedClient, _ settings: ModelServerSettings = .init(), chunkLength: Int = 65_536) {
        var link = InMemoryLink(client: client, server: ModelServer(settings), chunkLength: chunkLength)
        link.run()
        server = link.server
        end = link.client.end
        closingTime = link.client.endedAt - link.client.lastReceivedAt
        read(link.client.received)
    }

    init(_ frames: [[UInt8]], _ settings: ModelServerSettings = .init(), chunkLength: Int = 65_536) {
        self.init(ScriptedClient([frames.flatMap(\.self)]), settings, chunkLength: chunkLength)
    }

    private mutating func read(_ octets: [UInt8]) {
        var headDecoder = HTTPHeadDecoder(expecting: .response)
        guard case .complete(let head, let consumed) = headDecoder.feed(octets.span) else { return }
        self.head = head
        let rest = Array(octets[consumed...])
        self.octets = rest
        var observer = StreamDecoder(sender: .server)
        if Negotiation(head).compression != nil { observer.permittedRSV = 4 }
        var observed = 0
        while let event = observer.next(in: rest.span, at: &observed) {
            if case .violation(let violation) = event { violations.append(violation.rule) }
        }
        frames = Self.frames(in: rest)
    }

    /// The frames in octets, unmasked.
    static func frames(in rest: [UInt8]) -> [Frame] {
        var frames: [Frame] = []
        var decoder = FrameDecoder()
        var position = 0
        var header: FrameHeader?
        var payload: [UInt8] = []
        while let event = decoder.next(in: rest.span, at: &position) {
            switch event {
            case .header(let next, _):
                header = next
                payload = []
            case .payload(let chunk, let offset):
                var piece = Array(rest[chunk])
                header?.maskingKey?.apply(to: &piece, payloadOffset: offset)
                payload += piece
            case .end:
                guard let header else { break }
                var frame = Frame(header.opcode, payload, fin: header.fin)
                frame.rsv = header.rsv
                frame.isMasked = header.maskingKey != nil
                frame.isMinimal = header.isMinimal
                frames.append(frame)
            }
        }
        return frames
    }
}

/// The octets of a client's frame, masked unless told otherwise.
func frame(
    _ opcode: Opcode,
    _ payload: [UInt8] = [],
    fin: Bool = true,
    rsv: UInt8 = 0,
    key: UInt32? = 0x37FA_213D,
    length: UInt64? = nil,
    lengthEncoding: PayloadLengthEncoding = .minimal
) -> [UInt8] {
    let header = FrameHeader(
        fin: fin,
        rsv: rsv,
        opcode: opcode,
        maskingKey: key.map { MaskingKey(rawValue: $0) },
        payloadLength: length ?? UInt64(payload.count),
        lengthEncoding: lengthEncoding
    )
    var octets: [UInt8] = []
    header.encode(payload: payload.span, into: &octets)
    return octets
}

func frame(_ opcode: Opcode, _ text: String, fin: Bool = true, rsv: UInt8 = 0) -> [UInt8] {
    frame(opcode, Array(text.utf8), fin: fin, rsv: rsv)
}

/// A client's Close frame.
func close(_ code: UInt16? = 1000, reason: String = "") -> [UInt8] {
    frame(.close, CloseBody(code: code, reason: Array(reason.utf8)).encoded)
}
