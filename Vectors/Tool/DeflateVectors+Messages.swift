import WSCompression
import WSDeflate
import WSFuzzing
import WSKernels

/// What messages there are.
extension DeflateVectors {
    private static let hello = Array("Hello".utf8)
    private static let letters = DeflateSymbol.literals(hello)

    mutating func addExamples() {
        add("Hello with the fixed codes (7.2.3.1)", ["Example"]) { $0.append(Self.letters) }
        var before = Before()
        before.add { $0.append(Self.letters) }
        add("Hello again, as a match into the message before (7.2.3.2)", ["Example", "Context"], after: before) {
            $0.append([.literal(0x48), .match(length: 4, distance: 5)])
        }
        add("Hello in a stored block (7.2.3.3)", ["Example"]) { $0.appendStored(Self.hello) }
        add("Hello in a block with BFINAL set (7.2.3.4)", ["Example", "FinalBlock"]) {
            $0.append(Self.letters, isFinal: true)
        }
        add("Hello in two blocks with an empty one between them (7.2.3.5)", ["Example"]) {
            $0.append(Array(Self.letters.prefix(1)))
            $0.appendStored([])
            $0.append(Array(Self.letters.dropFirst()))
        }
        add("an empty message (7.2.3.6)", ["Example", "Empty"]) { _ in }
    }

    /// Each pair of forms, and matches of the smallest and the largest lengths and distances.
    mutating func addBlocks() {
        let forms = ["stored", "fixed", "dynamic"]
        for first in forms {
            add("a \(first) block", ["Blocks"]) { Self.write(first, to: &$0) }
            add("an empty \(first) block", ["Blocks", "Empty"]) { Self.write(first, [], to: &$0) }
            for second in forms {
                add("a \(first) block, then a \(second) one", ["Blocks"]) {
                    Self.write(first, to: &$0)
                    Self.write(second, to: &$0)
                }
            }
        }
        add("a stored block of 65535 octets", ["Blocks", "StoredLength"]) {
            $0.append([.literal(0x61)] + Self.run(65_535 - 1))
            $0.appendStored(Array("end".utf8))
        }
        for length in [3, 10, 11, 12, 130, 131, 257, 258] {
            add("a match of \(length) octets", ["Blocks"]) {
                $0.append([.literal(0x61), .literal(0x62), .match(length: length, distance: 2)])
            }
        }
        add("every octet with the fixed codes", ["Blocks"]) { $0.append(DeflateSymbol.literals(0...255)) }
        add("every octet with codes of eight and nine bits", ["Blocks", "Codes"]) {
            let symbols = DeflateSymbol.literals(0...255)
            $0.append(symbols, codes: DynamicCodes(for: symbols))
        }
        add("codes of one to fifteen bits", ["Blocks", "Codes"]) {
            var lengths = [UInt8](repeating: 0, count: 257)
            for bits in 1...15 { lengths[0x60 + bits] = UInt8(bits) }
            lengths[256] = 15
            let symbols = DeflateSymbol.literals(Array("abcdefghijklmnoonmlkjihgfedcba".utf8))
            $0.append(symbols, codes: DynamicCodes(literals: lengths, distances: [0]))
        }
        add("one distance code, of one bit", ["Blocks", "Codes"]) {
            let symbols = [DeflateSymbol.literal(0x61), .match(length: 3, distance: 1)]
            $0.append(symbols, codes: DynamicCodes(for: symbols))
        }
        add("the end of the block as the only code, of one bit", ["Blocks", "Codes", "Empty"]) {
            $0.append([], codes: DynamicCodes(for: []))
        }
        add("fifty empty stored blocks, then Hello", ["Blocks", "Empty"]) {
            for _ in 0..<50 { $0.appendStored([]) }
            $0.append(Self.letters)
        }
    }

    mutating func addFinalBlocks() {
        for form in ["stored", "fixed", "dynamic"] {
            add("a \(form) block with BFINAL set", ["FinalBlock"]) { Self.write(form, isFinal: true, to: &$0) }
            add("a \(form) block with BFINAL set, then a match into it", ["FinalBlock"]) {
                Self.write(form, isFinal: true, to: &$0)
                $0.append([.match(length: 5, distance: 5)])
            }
            var before = Before()
            before.add { Self.write(form, isFinal: true, to: &$0) }
            add(
                "a match into a \(form) block with BFINAL set in the message before",
                ["FinalBlock", "Context"],
                after: before
            ) {
                $0.append([.match(length: 5, distance: 5)])
            }
            if form != "stored" {
                add("a \(form) block with BFINAL set and ones behind it", ["FinalBlock"]) {
                    Self.write(form, isFinal: true, padding: 1, to: &$0)
                }
            }
        }
        add("two blocks with BFINAL set", ["FinalBlock"]) {
            $0.append(Self.letters, isFinal: true)
            $0.append([.match(length: 5, distance: 5)], isFinal: true)
        }
        add("an empty message of a block with BFINAL set", ["FinalBlock", "Empty"]) { $0.append([], isFinal: true) }
    }

    mutating func addEndings() {
        for form in ["stored", "fixed", "dynamic"] {
            add("nothing behind a \(form) block with BFINAL set", ["FinalBlock"], end: false) {
                Self.write(form, isFinal: true, to: &$0)
                $0.endAtBorder()
            }
        }
        add("no octet at all", ["Empty"], end: false) { $0.endAtBorder() }
        add("the tail left on, behind Hello", ["Blocks"], end: false) {
            $0.append(Self.letters)
            $0.appendStored([])
            $0.endAtBorder()
        }
        for (count, name) in ["no bit", "one bit", "two bits"].enumerated() {
            add("\(name) behind the end of the last block", ["Blocks"], end: false) {
                // Literals of nine bits move the end of the block.
                let moving = (8 - count + 6) % 8
                $0.append(Array(repeating: .literal(0xFF), count: moving))
                $0.endAtBorder()
            }
        }
    }

    mutating func addDefects() {
        for defect in DeflateDefect.allCases {
            let flag = Self.flag(of: defect)
            add(Self.comment(on: defect), [flag], end: !defect.isTruncation) { $0.append(defect) }
            guard defect != .distanceBeforeStart else { continue }
            add("\(Self.comment(on: defect)), behind a fixed block", [flag], end: !defect.isTruncation) {
                $0.append(Self.letters)
                $0.append(defect)
            }
        }
        add("a distance one octet before the start, behind a stored block", ["Distance"]) {
            $0.appendStored(Self.hello)
            $0.append([.match(length: 3, distance: 6)])
        }
        add("a distance of 32768 before the start", ["Distance"]) { $0.append([.match(length: 258, distance: 32_768)]) }
    }

    mutating func addWindows() {
        for bits in 8...15 {
            var before = Before()
            before.windowBits = bits
            let size = 1 << bits
            for distance in [size - 262, size - 1, size, size + 1] where distance > 0 && distance <= 32_768 {
                let name = distance == size ? "the window of \(bits) bits" : "\(distance) in a window of \(bits) bits"
                add("a distance of \(name)", ["Window"], after: before) {
                    $0.appendStored(Array("start".utf8))
                    $0.append(Self.run(from: 5, to: distance) + [.match(length: 5, distance: distance)])
                }
            }
        }
        var before = Before()
        before.add { $0.append([.literal(0x61)] + Self.run(20_000)) }
        before.add { $0.append([.literal(0x62)] + Self.run(12_767)) }
        for distance in [32_767, 32_768] {
            add("a distance of \(distance), over two messages", ["Window", "Context"], after: before) {
                $0.append([.match(length: 258, distance: distance)])
            }
        }
    }

    mutating func addContexts() {
        var before = Before()
        before.add { $0.append(Self.letters) }
        before.add { $0.appendStored(Array(", ".utf8)) }
        add("a match across two messages", ["Context"], after: before) {
            $0.append([.match(length: 5, distance: 7), .match(length: 4, distance: 6)])
        }
        before.keepsContext = false
        add("a match into the message before, where context is dropped", ["Context"], after: before) {
            $0.append([.literal(0x48), .match(length: 4, distance: 5)])
        }
        add("a message by itself, where context is dropped", ["Context"], after: before) { $0.append(Self.letters) }
        var empty = Before()
        empty.add { $0.append(Self.letters) }
        empty.add { _ in }
        add("a match over an empty message", ["Context", "Empty"], after: empty) {
            $0.append([.match(length: 5, distance: 5)])
        }
    }

    /// What zlib makes of text, of records and of noise, at several windows.
    mutating func addCompressed() {
        let sentence = "the mask of a frame is a key of four octets that a client chooses anew for each frame "
        var random = SplitMix64(seed: 1951)
        let contents: [(String, [UInt8])] = [
            ("text", Array(String(repeating: sentence, count: 5).utf8)),
            ("records", Array((0..<20).map { #"{"id":\#($0 * 37),"name":"frame","final":true},"# }.joined().utf8)),
            ("noise", (0..<300).map { _ in UInt8.random(in: 0...255, using: &random) }),
        ]
        for (name, content) in contents {
            for bits in [9, 12, 15] {
                for level in [1, 6, 9] {
                    var compressor = Compressor(windowBits: bits, level: level)
                    var inflater = Inflater(windowBits: bits)
                    var before = Before(windowBits: bits)
                    for index in 0..<2 {
                        let payload = compressor.compress(content)
                        var inflated: [UInt8] = []
                        inflater.inflate(payload.span, into: &inflated)
                        let message = inflater.endMessage(into: &inflated)
                        let comment =
                            "\(name), level \(level), window of \(bits) bits\(index == 0 ? "" : ", once more")"
                        add(comment, ["Zlib"] + (index == 0 ? [] : ["Context"]), before, payload, content, message)
                        before.payloads.append(payload)
                    }
                }
            }
        }
    }

    // MARK: Parts

    private static func write(
        _ form: String,
        _ content: [UInt8] = hello,
        isFinal: Bool = false,
        padding: Int = 0,
        to recorder: inout DeflateRecorder
    ) {
        let symbols = DeflateSymbol.literals(content)
        switch form {
        case "stored": recorder.appendStored(content, isFinal: isFinal)
        case "fixed": recorder.append(symbols, isFinal: isFinal, padding: padding)
        default: recorder.append(symbols, codes: DynamicCodes(for: symbols), isFinal: isFinal, padding: padding)
        }
    }

    /// Matches of distance 1 for so many octets, three at least.
    private static func run(_ count: Int) -> [DeflateSymbol] {
        var left = count
        var symbols: [DeflateSymbol] = []
        while left > 0 {
            let length = left <= 258 ? left : min(258, left - 3)
            symbols.append(.match(length: length, distance: 1))
            left -= length
        }
        return symbols
    }

    /// What fills up to a position.
    private static func run(from start: Int, to end: Int) -> [DeflateSymbol] {
        end - start < 3 ? Array(repeating: .literal(0x2A), count: max(0, end - start)) : run(end - start)
    }

    private static func flag(of defect: DeflateDefect) -> String {
        switch defect {
        case .reservedBlockType: "BlockType"
        case .lengthCheck: "StoredLength"
        case .literal286, .literal287, .distance30, .distance31, .distanceBeforeStart: "Distance"
        case .truncatedStored, .truncatedFixed, .truncatedCodes: "Truncated"
        default: "Codes"
        }
    }

    private static func comment(on defect: DeflateDefect) -> String {
        defect.rawValue.split(separator: "-").joined(separator: " ")
    }
}
