import JSONTree
import WSDeflate
import WSFuzzing
import WSKernels

/// The vectors of `Vectors/deflate.json`: what an inflater makes of a compressed message.
///
/// Blocks, distances and bits are those that were written; of what zlib has compressed, those that our inflater finds.
struct DeflateVectors {
    static let path = "Vectors/deflate.json"

    private static let comment = """
        What an inflater makes of the payload of a compressed message, without the tail 00 00 ff ff that RFC 7692 section \
        7.2.2 appends. The payloads in before belong to the messages before it on the same connection; the window has 15 \
        bits and context is kept unless a vector says otherwise. Bits are counted from the beginning of the payload, in \
        the order of RFC 1951 section 3.1.1. What is wrong with a message begins at bit; its content is what comes \
        before. Content of more than 1024 octets is given by length and SHA-1.
        """

    private static let flags = [
        "Blocks": "RFC 1951 section 3.2.3: the forms of blocks, several in a message.",
        "BlockType": "RFC 1951 section 3.2.3: there is no block type 11.",
        "Codes": "RFC 1951 section 3.2.7: the codes of a dynamic block, and what is written of them.",
        "Context": "RFC 7692 section 7.2.2: what matches refer to in the messages before.",
        "Distance": "RFC 1951 section 3.2.5: distances, and symbols that never occur.",
        "Empty": "RFC 7692 section 7.2.3.6: messages and blocks without content.",
        "Example": "RFC 7692 section 7.2.3: one of its examples.",
        "FinalBlock": "RFC 7692 section 7.2.1: a block with BFINAL set ends with an octet, and others may follow.",
        "LeftToReceiver":
            "RFC 7692 section 7.2.1 says what is sent, and not what a receiver does with the rest: who takes it, with the "
            + "content that is given, is as right as who refuses it.",
        "StoredLength": "RFC 1951 section 3.2.4: LEN and its complement.",
        "Truncated": "The payload ends inside a block; what the tail makes of it is no content of the sender's.",
        "Window": "RFC 7692 sections 7.1.2 and 7.2.1: the agreed window, up to its border and beyond.",
        "Zlib": "Compressed by zlib.",
    ]

    private var vectors: [JSON] = []

    /// All of them.
    static var root: JSON {
        var vectors = DeflateVectors()
        vectors.addExamples()
        vectors.addBlocks()
        vectors.addFinalBlocks()
        vectors.addEndings()
        vectors.addDefects()
        vectors.addWindows()
        vectors.addContexts()
        vectors.addCompressed()
        return .object([
            "schema": .string(VectorFile.schema), "kind": .string("deflate"), "comment": .string(comment),
            "flags": .object(flags.mapValues { .string($0) }), "vectors": .array(vectors.vectors),
        ])
    }

    // MARK: Writing

    /// A connection as far as it has come.
    struct Before {
        var payloads: [[UInt8]] = []
        var content: [UInt8] = []
        var windowBits = 15
        var keepsContext = true

        /// Adds a message that is right.
        mutating func add(_ write: (inout DeflateRecorder) -> Void) {
            var recorder = DeflateRecorder(after: keepsContext ? content : [], windowBits: windowBits)
            write(&recorder)
            recorder.endMessage()
            payloads.append(recorder.payload)
            content += recorder.content
        }
    }

    mutating func add(
        _ comment: String,
        _ flags: [String],
        after before: Before = Before(),
        end: Bool = true,
        _ write: (inout DeflateRecorder) -> Void
    ) {
        let previous = before.keepsContext ? before.content : []
        var recorder = DeflateRecorder(after: previous, windowBits: before.windowBits)
        write(&recorder)
        if end { recorder.endMessage() }
        var expected = recorder.expected
        expected.payloadLength = recorder.payload.count
        add(comment, flags, before, recorder.payload, recorder.content, expected)
    }

    mutating func add(
        _ comment: String,
        _ flags: [String],
        _ before: Before,
        _ payload: [UInt8],
        _ content: [UInt8],
        _ expected: DeflatedMessage
    ) {
        let flaw = Flaw(expected)
        var members: [String: JSON] = [
            "comment": .string(comment), "octets": .string(Hex.encode(payload)),
            "result": .string(flaw == nil ? "valid" : "invalid"), "largestDistance": .integer(expected.largestDistance),
            "blocks": .array(expected.blocks.map(Self.block)),
        ]
        let isLeftToReceiver = flaw?.isLeftToReceiver == true
        members["flags"] = .array((flags + (isLeftToReceiver ? ["LeftToReceiver"] : [])).map { .string($0) })
        if content.count > 1024 {
            members["contentLength"] = .integer(content.count)
            members["contentSHA1"] = .string(Hex.encode(SHA1.digest(content.span)))
        } else {
            members["content"] = .string(Hex.encode(content))
        }
        if let flaw {
            members["error"] = .string(flaw.name)
            members["bit"] = .integer(flaw.bit)
        }
        if expected.reach > 0 { members["reach"] = .integer(expected.reach) }
        if !before.payloads.isEmpty { members["before"] = .array(before.payloads.map { .string(Hex.encode($0)) }) }
        if before.windowBits < 15 { members["windowBits"] = .integer(before.windowBits) }
        if !before.keepsContext { members["keepsContext"] = .bool(false) }
        vectors.append(.object(members))
    }

    private static func block(_ block: DeflatedMessage.Block) -> JSON {
        .object([
            "type": .string("\(block.type)"), "final": .bool(block.isFinal), "bit": .integer(block.bit),
            "length": .integer(block.contentLength),
        ])
    }

    /// What is wrong with a message, under the name that the vectors have for it.
    private struct Flaw {
        var name: String
        var bit: Int
        /// Whether only the sender is wrong.
        var isLeftToReceiver = true

        init?(_ message: DeflatedMessage) {
            if let failure = message.failure {
                self.init(name: failure.kind.name, bit: failure.bit, isLeftToReceiver: failure.kind == .truncated)
            } else if let overrun = message.overrun {
                self.init(name: "distance-beyond-window", bit: overrun.bit)
            } else if let bit = message.paddingFault {
                self.init(name: "padding", bit: bit)
            } else if message.ending == .border {
                self.init(name: "no-empty-block", bit: 8 * message.payloadLength)
            } else {
                return nil
            }
        }

        private init(name: String, bit: Int, isLeftToReceiver: Bool = true) {
            self.name = name
            self.bit = bit
            self.isLeftToReceiver = isLeftToReceiver
        }
    }
}

extension InflateFailure.Kind {
    /// The name in the vectors.
    fileprivate var name: String {
        switch self {
        case .reservedBlockType: "reserved-block-type"
        case .lengthCheck: "length-check"
        case .literalCodeCount: "literal-code-count"
        case .distanceCodeCount: "distance-code-count"
        case .oversubscribed(let code): "oversubscribed-\(code.name)"
        case .incomplete(let code): "incomplete-\(code.name)"
        case .repetitionOfNothing: "repetition-of-nothing"
        case .repetitionBeyondEnd: "repetition-beyond-end"
        case .noEndOfBlock: "no-end-of-block"
        case .reservedLiteral: "reserved-literal"
        case .reservedDistance: "reserved-distance"
        case .unassigned(let code): "unassigned-\(code.name)"
        case .distanceBeforeStart: "distance-before-start"
        case .distanceBeyondWindow: "distance-beyond-window"
        case .contentLimit: "content-limit"
        case .truncated: "truncated"
        }
    }
}

extension InflateFailure.Code {
    fileprivate var name: String {
        switch self {
        case .codeLength: "code-lengths"
        case .literal: "literals"
        case .distance: "distances"
        }
    }
}
