import JSONTree
import WSCatalogue
import WSFuzzing
import WSKernels
import WSProtocol
import WSRunner
import WSScenario
import WSToolFuzzing

/// Inputs for the fuzz targets, made of what is known already.
struct Seeds {
    /// The inputs by target, each named by its hash.
    private(set) var files: [String: [String: [UInt8]]] = [:]

    /// Seeds of the scenarios and of the vectors.
    init(_ vectors: [VectorFile]) {
        for scenario in Catalogue.all { add(scenario) }
        addRecipes()
        addTurns()
        addContents()
        addVisits()
        addRecordings()
        addCompressedMessages()
        addFieldBlocks()
        addConnections()
        for file in vectors {
            for vector in file.vectors { add(vector, of: file.root["kind"]?.text ?? "") }
        }
    }

    /// Adds an input to the seeds of some targets, unless it is long.
    mutating func add(_ octets: [UInt8], to targets: String...) {
        for target in targets where octets.count <= 1024 {
            files[target, default: [:]][Hex.encode(SHA1.digest(octets.span))] = octets
        }
    }

    /// Conversations of the tool itself: scenarios and turns of the peer; and texts that try to break out of a report.
    private mutating func addTurns() {
        for index in 0..<64 as Range<UInt8> {
            add([index &* 11 >> 6, index &* 37, index &* 4, index & 7, 0, 0, index &* 23, 2, 0x88, 0x00], to: "engine")
        }
        let texts = ["\"", "\\", "</script>", "&lt;\u{0}", "]]>", "../../x", "\r\n", "\u{2028}", "7.3.2", "ё"]
        for (index, text) in texts.enumerated() {
            let pieces = Array(repeating: Array(text.utf8), count: index + 4)
            add(Array(pieces.joined(separator: [0xFF])), to: "reports")
        }
    }

    /// What is recorded of short cases, as a run leaves it.
    private mutating func addRecordings() {
        let first = Dictionary(grouping: Catalogue.all.filter { $0.targets.contains(.server) }) { scenario in
            scenario.id.prefix { $0 != "/" }
        }
        for scenario in first.values.compactMap(\.first) {
            let octets = RunFolderBody.recording(of: scenario)
            guard octets.count <= RunFolderBody.maximumInputLength else { continue }
            files["runfolder", default: [:]][Hex.encode(SHA1.digest(octets.span))] = octets
        }
    }

    /// Connections at the controlServer of clients: each target as a WebSocket, as GET and as POST, with direct commands.
    private mutating func addVisits() {
        for target in 0..<20 as Range<UInt8> {
            let field: UInt8 = target & 1 == 0 ? 0 : 128 + target
            let command: [UInt8] = [0, 16, target, 1, 0, 2, 0x61, 0x62, target & 7]
            add([target & 7, 100, target, field, 2] + command + [6, 0, 0, 0, 0, 0, 5, 1], to: "control")
            add([0, 200, target, field, 0, 203, target, field, 0], to: "control")
            add([1, 100, target, 0, 0, 3, 100, target, 0, 0, 0], to: "control")
        }
    }

    /// Responses with content: a length, chunks with an extension and a trailer, and the end of the connection.
    private mutating func addContents() {
        let contents = [
            "Content-Length: 5\r\n\r\nHelloHTTP/1.1", "Content-Length: 5, 6\r\n\r\nHello", "Content-Length: x\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n5;name=value\r\nHello\r\n1 \n!\n0\r\nTrailer: 1\r\n\r\nHTTP/1.1",
            "Transfer-Encoding: gzip\r\n\r\nHello", "Transfer-Encoding: chunked\r\n\r\nno number\r\nHello",
        ]
        for content in contents {
            add([1, 0] + Array("HTTP/1.1 400 Bad Request\r\n\(content)".utf8), to: "heads")
        }
    }

    /// Short conversations as ``FrameRecipe`` has them: each source of payload, whole and in fragments.
    private mutating func addRecipes() {
        for source in 0..<8 as Range<UInt8> {
            let text: [UInt8] = [0x81, 0, source, 3, 4, 5, 6]
            let fragments: [UInt8] = [0x01, 0, source, 2, 4, 5, 0x89, 0, 2, 1, 0x80, 0, source, 1, 6]
            let close: [UInt8] = [0x88, 0, 5, source, 0]
            for sender in [0, 1] as [UInt8] {
                for recipe in [text, fragments, close, text + fragments + close] {
                    add([sender] + recipe, to: "sequences")
                }
                // Messages of two frames and of one, compressed.
                let halves: [UInt8] = [0x01, 0x80, source, 2, 4, 5, 0x89, 0, 2, 1, 0x80, 0, 0]
                add([sender | 0x20] + halves + [0x81, 0x80, source, 3, 4, 5, 6] + halves, to: "sequences")
            }
        }
    }

    /// Compressed messages as ``DeflateRecipe`` has them: each form of block and each defect, with and without BFINAL, in
    /// a message of its own and before a match that leads into it, in every window.
    private mutating func addCompressedMessages() {
        let hello: [UInt8] = [5] + Array("Hello".utf8)
        for form in 0..<4 as Range<UInt8> {
            for flags in [0, 8, 24] as [UInt8] {
                let block: [UInt8] = [form | flags] + hello
                for end in [6, 7] as [UInt8] {
                    add([0, 0] + block + [end], to: "deflate")
                    add([0, 4] + block + [1, 2, 0x84, 0x91, 3, end] + block + [7, 2, 1, 0xC3, 0, 7], to: "deflate")
                }
            }
        }
        for defect in 0..<23 as Range<UInt8> {
            add([0, 0, 1] + hello + [4, defect, 7, 1] + hello + [7], to: "deflate")
            add([0, 0, 4, defect, 7], to: "deflate")
        }
        for settings in 0..<16 as Range<UInt8> {
            for form in [1, 2, 3, 33] as [UInt8] {
                let matches: [UInt8] = [form, 4, 0xB0, 1, 0xBF, 3, 0xC2, 1, 0xD9, 0]
                add([settings, 0, 0, 255, 0, 130] + matches + [7] + matches + [5, 0, 0, 9, 7], to: "deflate")
            }
        }
    }

    /// The payloads of a vector as they are, each but the last behind its length.
    private mutating func addPayloads(_ vector: JSON, last: [UInt8]) {
        let before = (vector["before"]?.elements ?? []).compactMap(\.text).compactMap { Hex.decode($0) }
        guard before.allSatisfy({ (1...255).contains($0.count) }), !last.isEmpty else { return }
        var settings: UInt8 = 16
        if case .integer(let bits)? = vector["windowBits"] { settings += UInt8(15 - bits) }
        if vector["keepsContext"] == .bool(false) { settings += 8 }
        add([settings, 0] + before.flatMap { [UInt8($0.count)] + $0 } + [0] + last, to: "deflate")
    }

    private mutating func addStream(_ stream: [UInt8], sender: Role) {
        var options = FuzzOptions()
        options.sender = sender
        add(FuzzInput(options: options, stream: stream).encoded(), to: "streams")
    }

    /// What a scenario sends, and its request or response.
    private mutating func add(_ scenario: Scenario) {
        let sender: Role = scenario.targets.contains(.server) ? .client : .server
        var encoder = ScriptEncoder(
            script: scenario.script,
            role: sender,
            effort: .quick,
            keys: MaskingKeySequence(seed: 1)
        )
        var stream: [UInt8] = []
        for step in scenario.script.indices where scenario.script[step].frameCount(at: .quick) > 0 {
            encoder.begin(step: step)
            while stream.count <= 1024, encoder.produce(limit: 1025, into: &stream) != nil {}
        }
        if !stream.isEmpty, stream.count <= 1024 { addStream(stream, sender: sender) }
        switch scenario.opening {
        case .request(let request): add([0, 0] + request.octets([:]).prefix(900), to: "heads")
        case .response(let response): add([1, 0] + response.template.prefix(900), to: "heads")
        case .ordinary, .framesWithHandshake, .negotiating: break
        }
    }

    private mutating func add(_ vector: JSON, of kind: String) {
        let octets = vector["octets"]?.text.flatMap { Hex.decode($0) } ?? []
        switch kind {
        case "frames": addStream(octets, sender: vector["sender"]?.text == "server" ? .server : .client)
        case "deflate": addPayloads(vector, last: octets)
        case "utf8": add(octets, to: "text")
        case "requests": add([0, 0] + Array((vector["text"]?.text ?? "").utf8), to: "heads")
        case "responses": add([1, 0] + Array((vector["text"]?.text ?? "").utf8), to: "heads")
        case "extensions": add(Array((vector["value"]?.text ?? "").utf8), to: "extensions")
        case "negotiations":
            let texts = ["offer", "answer"].map { Array((vector[$0]?.text ?? "").utf8) }
            add(texts[0] + [0] + texts[1], to: "extensions")
        default: break
        }
    }
}
