import Foundation
import TestSupport
import Testing
import WSCatalogue
import WSKernels
import WSScenario

@Suite struct `The digest of the catalogue` {
    @Test func `is that of all scenarios, sorted by id`() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let json = try encoder.encode(Catalogue.all.sorted { $0.id < $1.id })
        let digest = Hex.encode(SHA256.digest(Array(json).span))
        let difference = Golden.difference(digest + "\n", fromFile: "Sources/WSCatalogue/digest.txt")
        #expect(difference == nil, "record it with WSCONFORM_RECORD=1 when a scenario has changed")
        #expect(Catalogue.digest == digest)
    }
}
