import WSKernels

/// Writes sample data of each kind.
struct SampleWriter {
    private var octets: [UInt8] = []
    private var numbers: SplitMix64
    private let count: Int

    /// The octets of a kind for a seed.
    static func write(_ kind: SampleData, seed: UInt64) -> [UInt8] {
        var writer = SampleWriter(kind, seed: seed)
        switch kind {
        case .json: writer.writeJSON()
        case .bitmap: writer.writeBitmap()
        case .prose: writer.writeProse()
        case .markup: writer.writeMarkup()
        case .document: writer.writeDocument()
        }
        return writer.octets
    }

    private init(_ kind: SampleData, seed: UInt64) {
        count = kind.count
        // Each kind has a stream of its own.
        numbers = SplitMix64(seed: seed ^ StableHash.fnv1a64(Array(kind.rawValue.utf8)))
        octets.reserveCapacity(count + 4_096)
    }

    // MARK: - Parts

    private var isFull: Bool { octets.count >= count }

    /// Cuts what was written beyond the end.
    private mutating func finish() {
        octets.removeLast(max(0, octets.count - count))
    }

    /// A number below a bound; the last values are a little rarer, which does not matter here.
    private mutating func number(below bound: Int) -> Int {
        Int(truncatingIfNeeded: ((numbers.next() >> 32) &* UInt64(bound)) >> 32)
    }

    /// A number below a bound, the small ones more often.
    private mutating func smallNumber(below bound: Int) -> Int {
        let (one, other) = (number(below: bound), number(below: bound))
        return one * other / bound
    }

    private mutating func add(_ text: String) {
        octets.append(contentsOf: text.utf8)
    }

    /// Adds a character outside ASCII, behind spaces if it would cross an offset at which text may be cut.
    private mutating func add(character: [UInt8]) {
        while octets.count % SampleData.grain + character.count > SampleData.grain { octets.append(0x20) }
        octets.append(contentsOf: character)
    }

    private mutating func add(decimal: Int) {
        if decimal >= 10 { add(decimal: decimal / 10) }
        octets.append(UInt8(0x30 + decimal % 10))
    }

    private mutating func addWord(_ words: [[UInt8]]) {
        octets.append(contentsOf: words[smallNumber(below: words.count)])
    }

    /// Words of a few syllables, the same ones for a seed.
    private mutating func makeWords(_ count: Int) -> [[UInt8]] {
        let onsets = ["b", "d", "f", "g", "h", "k", "l", "m", "n", "r", "s", "t", "v", "w", "z", "st", "pl", "tr", ""]
        let vowels = ["a", "e", "i", "o", "u", "e", "ei", "au", "ie"]
        let codas = ["n", "r", "t", "s", "", "l", "ch", "nd", "", "m"]
        func pick(_ list: [[UInt8]], _ index: Int) -> [UInt8] { list[index] }
        let parts = [onsets, vowels, codas].map { $0.map { Array($0.utf8) } }
        return (0..<count).map { rank in
            // Frequent words are short, as in any language.
            let syllables = rank < 60 ? 1 : 1 + number(below: 3)
            var word: [UInt8] = []
            for _ in 0..<syllables {
                for list in parts { word += pick(list, number(below: list.count)) }
            }
            return word
        }
    }

    // MARK: - Kinds

    private mutating func writeJSON() {
        let words = makeWords(600)
        add("[\n")
        var record = 1
        while !isFull {
            add("   {\n      \"id\": ")
            add(decimal: record)
            add(",\n      \"name\": \"")
            addWord(words)
            add(" ")
            addWord(words)
            add("\",\n      \"state\": \"")
            add(["open", "closed", "waiting"][number(below: 3)])
            add("\",\n      \"milliseconds\": ")
            add(decimal: number(below: 9_000))
            add(",\n      \"place\": {\n         \"width\": ")
            add(decimal: number(below: 360))
            add(",\n         \"height\": ")
            add(decimal: number(below: 180))
            add("\n      },\n      \"note\": \"")
            for _ in 0..<number(below: 4) {
                addWord(words)
                add(" ")
            }
            add("\",\n      \"valid\": ")
            add(number(below: 4) == 0 ? "false" : "true")
            add("\n   },\n")
            record += 1
        }
        finish()
    }

    private mutating func writeBitmap() {
        // The header of an image of 512 times 512 points with 256 colours.
        add("BM")
        for value in [UInt32(263_222), 0, 1_078, 40, 512, 512] {
            for shift in stride(from: UInt32(0), to: 32, by: 8) {
                octets.append(UInt8(truncatingIfNeeded: value >> shift))
            }
        }
        octets += [1, 0, 8, 0]
        octets += [UInt8](repeating: 0, count: 24)
        for grey in UInt8.min...UInt8.max { octets += [grey, grey, grey, 0] }
        // Brightness drifts from point to point and from row to row, and each point has noise of its own.
        var above = [Int](repeating: 128 << 4, count: 512)
        while !isFull {
            var level = above[0]
            for column in 0..<512 {
                let random = Int(truncatingIfNeeded: numbers.next() >> 32)
                let drift = (random & 31) - 16 + (random >> 5 & 1)
                level = min(max((level + above[column]) / 2 + drift, 0), 255 << 4)
                above[column] = level
                let noise = (random >> 8 & 31) + (random >> 13 & 31) - 31
                octets.append(UInt8(min(max(level >> 4 + noise, 0), 255)))
            }
        }
        finish()
    }

    private mutating func writeProse() {
        let words = makeWords(4_000)
        octets += [0xEF, 0xBB, 0xBF]
        var column = 0
        var isStart = true
        while !isFull {
            let begin = octets.count
            addWord(words)
            if isStart, begin < octets.count { octets[begin] &= 0xDF }
            isStart = false
            switch number(below: 24) {
            case 0: add(character: [0xC3, 0xBC])
            case 1, 2: add(",")
            case 3:
                add(number(below: 6) == 0 ? "!" : ".")
                isStart = true
            default: break
            }
            column += octets.count - begin
            if column > 66 {
                add("\r\n")
                column = 0
                if isStart, number(below: 3) == 0 { add("\r\n") }
            } else {
                add(" ")
            }
        }
        finish()
    }

    private mutating func writeMarkup() {
        let words = makeWords(1_200)
        let others: [[UInt8]] = ["ü", "ß", "–", "é", "…", "→", "𝄞"].map { Array($0.utf8) }
        add("<!DOCTYPE html>\n<html>\n   <head>\n      <meta charset=\"utf-8\"/>\n   </head>\n   <body>\n")
        add("      <table id=\"all\">\n")
        while !isFull {
            add("         <tr class=\"")
            add(number(below: 3) == 0 ? "even" : "odd")
            add("\">\n            <td class=\"name\"><a href=\"#")
            addWord(words)
            add("-")
            add(decimal: number(below: 1_000))
            add("\">")
            addWord(words)
            add("</a></td>\n            <td class=\"number\">")
            add(decimal: number(below: 10_000))
            add("</td>\n            <td class=\"text\">")
            for _ in 0..<(3 + number(below: 9)) {
                addWord(words)
                if number(below: 40) == 0 { add(character: others[number(below: others.count)]) }
                add(" ")
            }
            add("</td>\n         </tr>\n")
        }
        finish()
    }

    private mutating func writeDocument() {
        let words = makeWords(300)
        add("%DOC-1.0\n")
        var part = 1
        while !isFull {
            add(decimal: part)
            add(" 0 part\n<< /Kind /Compressed /Size 8192 /Language /None >>\nbegin\n")
            for _ in 0..<1_024 {
                var word = numbers.next()
                for _ in 0..<8 {
                    octets.append(UInt8(truncatingIfNeeded: word))
                    word >>= 8
                }
            }
            add("\nend of part\n")
            for _ in 0..<160 {
                addWord(words)
                add(" ")
            }
            add("\n")
            part += 1
        }
        finish()
    }
}
