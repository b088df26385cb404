import WSCompression
import WSDeflate
import WSKernels
import ZlibReference

/// Inflates each of a few messages once and returns how much content came out.
protocol InflaterUnderMeasure {
    static var name: String { get }
    init()
    mutating func inflate(_ payloads: Payloads) -> Int
}

/// The same messages as they stand in frames, and with the tail that a receiver appends.
struct Payloads {
    var plain: [[UInt8]]
    var withTail: [[UInt8]]

    /// Each message by itself, as after `no_context_takeover`.
    init(of contents: [[UInt8]]) {
        var compressor = Compressor(keepsContext: false)
        plain = contents.map { compressor.compress($0) }
        withTail = plain.map { $0 + [0x00, 0x00, 0xFF, 0xFF] }
    }
}

/// ``Inflater``, with everything that it observes.
struct OurInflater: InflaterUnderMeasure {
    static let name = "wsconform Inflater"
    private var inflater = Inflater(keepsContext: false)
    private var content: [UInt8] = []

    mutating func inflate(_ payloads: Payloads) -> Int {
        var count = 0
        for payload in payloads.plain {
            content.removeAll(keepingCapacity: true)
            inflater.inflate(payload.span, into: &content)
            let message = inflater.endMessage(into: &content)
            precondition(message.isWellFormed)
            count += content.count
        }
        return count
    }
}

/// zlib, which is called once a message.
struct Zlib: InflaterUnderMeasure {
    static let name = "zlib"
    private let inflater = ZlibInflater(outputSize: Contents.length + 1)

    mutating func inflate(_ payloads: Payloads) -> Int {
        payloads.withTail.reduce(0) { $0 + inflater.count($1) }
    }
}

/// Content of messages, made from a seed.
enum Contents {
    /// How long each message is.
    static let length = 65_536

    /// Sentences of words whose frequency falls with their rank, as in any language.
    static func text(_ random: inout SplitMix64) -> [UInt8] {
        message(&random) { random in
            var sentence: [UInt8] = []
            for index in 0..<Int.random(in: 5...20, using: &random) {
                var word = words[rank(&random)]
                if index == 0 { word[0] -= 0x20 } else { sentence.append(0x20) }
                sentence += word
            }
            return sentence + [0x2E, 0x20]
        }
    }

    /// Records with names that come again and values that do not.
    static func json(_ random: inout SplitMix64) -> [UInt8] {
        message(&random) { random in
            let identifier = Int.random(in: 1...9_999_999, using: &random)
            let name = String(decoding: words[rank(&random)], as: UTF8.self)
            let note = (0..<4).map { _ in String(decoding: words[rank(&random)], as: UTF8.self) }.joined(separator: " ")
            let price = "\(Int.random(in: 0...999, using: &random)).\(Int.random(in: 10...99, using: &random))"
            let isActive = Bool.random(using: &random)
            return Array(
                #"{"id":\#(identifier),"name":"\#(name)","price":\#(price),"active":\#(isActive),"note":"\#(note)"},"#
                    .utf8
            )
        }
    }

    private static func message(
        _ random: inout SplitMix64,
        _ part: (inout SplitMix64) -> [UInt8]
    ) -> [UInt8] {
        var octets: [UInt8] = []
        while octets.count < length { octets += part(&random) }
        return Array(octets.prefix(length))
    }

    /// Two thousand words of two to five syllables.
    private static let words: [[UInt8]] = {
        var random = SplitMix64(seed: 2)
        let consonants = Array("bcdfglmnprstv".utf8)
        let vowels = Array("aeiou".utf8)
        return (0..<2_000).map { _ in
            (0..<Int.random(in: 2...5, using: &random)).flatMap { _ in
                [
                    consonants[Int.random(in: consonants.indices, using: &random)],
                    vowels[Int.random(in: vowels.indices, using: &random)],
                ]
            }
        }
    }()

    private static func rank(_ random: inout SplitMix64) -> Int {
        let limit = Int.random(in: 1...words.count, using: &random)
        return Int.random(in: 0..<limit, using: &random)
    }
}
