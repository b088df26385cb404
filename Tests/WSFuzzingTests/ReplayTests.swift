import Foundation
import Testing
import WSFuzzing

/// Every input of the checkout, without a fuzzer and without a sanitizer.
@Suite struct `Committed inputs` {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The inputs of a target: its seeds, what the fuzzer found, and what once failed.
    static func inputs(of target: String) throws -> [(name: String, octets: [UInt8])] {
        let seeds = ["frames", "differential"].contains(target) ? "streams" : target
        return try ["Fuzz/Seeds/\(seeds)", "Fuzz/Corpus/\(target)", "Fuzz/Regressions/\(target)"].flatMap { folder in
            let url = root.appending(path: folder)
            guard FileManager.default.fileExists(atPath: url.path) else { return [(name: String, octets: [UInt8])]() }
            return try FileManager.default.contentsOfDirectory(atPath: url.path).sorted().map { name in
                (name, [UInt8](try Data(contentsOf: url.appending(path: name))))
            }
        }
    }

    @Test(arguments: AnyBody.all)
    func `Each gives no finding`(body: AnyBody) throws {
        let inputs = try Self.inputs(of: body.name)
        #expect(!inputs.isEmpty, "there is no input for \(body.name)")
        for (name, octets) in inputs {
            #expect(octets.count <= body.maximumInputLength, "\(name) is too long")
            #expect(body.run(octets) == nil, "\(name)")
        }
    }
}
