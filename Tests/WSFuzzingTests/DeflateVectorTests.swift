import Testing
import WSDeflate
import WSFuzzing
import WSKernels
import ZlibReference

/// A vector of `Vectors/deflate.json`.
private struct DeflateVector: Decodable {
    struct Block: Decodable, Equatable {
        var type: String
        var final: Bool
        var bit: Int
        var length: Int

        init(_ block: DeflatedMessage.Block) {
            type = "\(block.type)"
            final = block.isFinal
            bit = block.bit
            length = block.contentLength
        }
    }

    var id: Int
    var comment: String
    var flags: [String]
    var octets: String
    var result: String
    var content: String?
    var contentLength: Int?
    var contentSHA1: String?
    var blocks: [Block]
    var largestDistance: Int
    var reach: Int?
    var error: String?
    var bit: Int?
    var before: [String]?
    var windowBits: Int?
    var keepsContext: Bool?

    /// Whether this is the content, or begins with it where the payload ends inside a block.
    func holds(_ found: [UInt8]) -> Bool {
        guard let content else {
            return found.count == contentLength && Hex.encode(SHA1.digest(found.span)) == contentSHA1
        }
        guard let octets = Hex.decode(content) else { return false }
        return error == "truncated" ? found.starts(with: octets) : found == octets
    }

    /// The name of what is wrong with a message, and its bit.
    static func flaw(of message: DeflatedMessage) -> (name: String, bit: Int)? {
        if let failure = message.failure { return (name(of: failure.kind), failure.bit) }
        if let overrun = message.overrun { return ("distance-beyond-window", overrun.bit) }
        if let bit = message.paddingFault { return ("padding", bit) }
        return message.ending == .border ? ("no-empty-block", 8 * message.payloadLength) : nil
    }

    private static func name(of kind: InflateFailure.Kind) -> String {
        switch kind {
        case .reservedBlockType: "reserved-block-type"
        case .lengthCheck: "length-check"
        case .literalCodeCount: "literal-code-count"
        case .distanceCodeCount: "distance-code-count"
        case .oversubscribed(.codeLength): "oversubscribed-code-lengths"
        case .oversubscribed(.literal): "oversubscribed-literals"
        case .oversubscribed(.distance): "oversubscribed-distances"
        case .incomplete(.codeLength): "incomplete-code-lengths"
        case .incomplete(.literal): "incomplete-literals"
        case .incomplete(.distance): "incomplete-distances"
        case .repetitionOfNothing: "repetition-of-nothing"
        case .repetitionBeyondEnd: "repetition-beyond-end"
        case .noEndOfBlock: "no-end-of-block"
        case .reservedLiteral: "reserved-literal"
        case .reservedDistance: "reserved-distance"
        case .unassigned(.literal): "unassigned-literals"
        case .unassigned(.distance): "unassigned-distances"
        case .distanceBeforeStart: "distance-before-start"
        case .truncated: "truncated"
        case .unassigned(.codeLength), .distanceBeyondWindow, .contentLimit: "none of the vectors"
        }
    }
}

@Suite struct `Vectors of compressed messages` {
    @Test func `Messages are inflated as they say`() throws {
        let vectors = try VectorFile<DeflateVector>.read("deflate.json")
        #expect(vectors.count > 150)
        for vector in vectors {
            let name: Comment = "\(vector.id) \(vector.comment)"
            var inflater = Inflater(windowBits: vector.windowBits ?? 15, keepsContext: vector.keepsContext ?? true)
            for payload in vector.before ?? [] {
                let (_, message) = try inflater.inflate(#require(Hex.decode(payload)))
                #expect(message.isWellFormed, name)
            }
            let (content, message) = try inflater.inflate(#require(Hex.decode(vector.octets)))
            #expect(vector.holds(content), name)
            let flaw = DeflateVector.flaw(of: message)
            #expect(flaw?.name == vector.error, name)
            #expect(flaw?.bit == vector.bit, name)
            #expect((vector.result == "valid") == message.isWellFormed, name)
            // What the tail makes of a truncated message is no block of its sender's.
            if vector.error != "truncated" {
                #expect(message.blocks.map { DeflateVector.Block($0) } == vector.blocks, name)
            }
            #expect(message.largestDistance == vector.largestDistance, name)
            #expect(message.reach == vector.reach ?? 0, name)
        }
    }

    @Test func `zlib has the same content of each that it takes, and refuses what is wrong for a receiver, too`() throws
    {
        let zlib = ZlibInflater()
        for vector in try VectorFile<DeflateVector>.read("deflate.json") {
            let name: Comment = "\(vector.id) \(vector.comment)"
            var previous: [UInt8] = []
            for payload in vector.before ?? [] {
                previous += try zlib.inflate(#require(Hex.decode(payload)), after: previous).content
            }
            if vector.keepsContext == false { previous = [] }
            let found = try zlib.inflate(#require(Hex.decode(vector.octets)), after: previous)
            let isTaken = vector.result == "valid" || vector.flags.contains("LeftToReceiver")
            #expect((found.error == nil) == isTaken || vector.error == "truncated", name)
            #expect(vector.holds(found.content), name)
        }
    }
}

extension Inflater {
    /// Inflates a whole message.
    fileprivate mutating func inflate(_ payload: [UInt8]) -> (content: [UInt8], message: DeflatedMessage) {
        var content: [UInt8] = []
        inflate(payload.span, into: &content)
        let message = endMessage(into: &content)
        return (content, message)
    }
}
