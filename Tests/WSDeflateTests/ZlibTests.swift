import TestSupport
import Testing
import WSDeflate

/// What zlib makes of a stream; `make-zlib-streams` writes them.
struct ZlibStream: Sendable, CustomTestStringConvertible {
    var payload: [UInt8]
    /// `border`, `inside`, `final`, or the message of an error.
    var verdict: String
    var content: [UInt8]

    var testDescription: String { payload.map { String($0, radix: 16) }.joined(separator: " ") }

    static let all: [ZlibStream] = String(decoding: PackageResources.zlib_streams_tsv, as: UTF8.self)
        .split(separator: "\n").map { line in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            return ZlibStream(payload: hex(fields[0]), verdict: fields[1], content: hex(fields[2]))
        }

    /// The message of zlib for a failure.
    static func message(_ kind: InflateFailure.Kind) -> String {
        switch kind {
        case .reservedBlockType: "invalid block type"
        case .lengthCheck: "invalid stored block lengths"
        case .literalCodeCount, .distanceCodeCount: "too many length or distance symbols"
        case .oversubscribed(.codeLength), .incomplete(.codeLength): "invalid code lengths set"
        case .oversubscribed(.literal), .incomplete(.literal): "invalid literal/lengths set"
        case .oversubscribed(.distance), .incomplete(.distance): "invalid distances set"
        case .repetitionOfNothing, .repetitionBeyondEnd: "invalid bit length repeat"
        case .noEndOfBlock: "invalid code -- missing end-of-block"
        case .reservedLiteral, .unassigned(.literal), .unassigned(.codeLength): "invalid literal/length code"
        case .reservedDistance, .unassigned(.distance): "invalid distance code"
        case .distanceBeforeStart, .distanceBeyondWindow: "invalid distance too far back"
        case .contentLimit, .truncated: ""
        }
    }
}

@Suite struct `Agreement with zlib` {
    @Test func `There are streams for every verdict`() {
        let verdicts = Set(ZlibStream.all.map(\.verdict))
        #expect(ZlibStream.all.count >= 500)
        #expect(verdicts.isSuperset(of: ["border", "inside", "final", "invalid block type", "invalid distance code"]))
    }

    @Test func `A stream is right or wrong for both, with the same content, however it is cut`() async {
        await Sweep.each(of: ZlibStream.all) { stream in
            var inflater = Inflater()
            let result = inflater.inflate(stream.payload)
            for feeding in Feeding.anywhere {
                var other = Inflater()
                #expect(other.inflate(stream.payload, feeding) == result)
            }
            switch stream.verdict {
            case "border":
                #expect(result.message.failure == nil)
                #expect(result.content == stream.content)
            case "inside":
                // What ends there is wrong for us: in a block, or between blocks without the header of the last one.
                // zlib tells a code length code without any code only once all lengths have come out of it as zero.
                let isWrong = [.truncated, .incomplete(.codeLength)].contains(result.message.failure?.kind)
                #expect(isWrong || result.message.ending == .border)
                #expect(result.content == stream.content)
            case "final":
                // zlib leaves what follows to its caller.
                #expect(result.content.starts(with: stream.content))
                #expect(result.message.finalBlockCount > 0)
            default:
                // Behind the end of the payload it is the tail that zlib finds fault with.
                guard let failure = result.message.failure, failure.kind != .truncated else {
                    #expect(result.message.ending != .emptyBlock)
                    return
                }
                #expect(ZlibStream.message(failure.kind) == stream.verdict)
                #expect(result.content == stream.content)
            }
        }
    }
}
