import JSONTree
import WSCatalogue
import WSProtocol
import WSScenario

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Formats, checks and counts the vectors, and makes of them and of the scenarios what others use.
@main
struct Tool {
    static let usage = """
        usage: wsconform-vectors lint | format | count | catalogue | deflate | seeds FOLDER

        lint        says what is wrong with the files of Vectors/, and whether one is not in its form
        format      writes them in their form, with ids and counts made anew
        count       says how many vectors there are
        catalogue   writes Vectors/catalogue.json, the scenarios for readers of other languages
        deflate     writes Vectors/deflate.json anew, compressed messages made by hand and by zlib
        seeds       writes inputs for the fuzz targets into FOLDER/TARGET, named by their hashes
        """

    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        do {
            switch (arguments.first, arguments.count) {
            case ("lint", 1): try lint()
            case ("format", 1): for file in try files() { try write(file.formatted, to: file.path) }
            case ("count", 1): for file in try files() { print(file.counts) }
            case ("catalogue", 1): try write(CatalogueExport.text, to: "Vectors/catalogue.json")
            case ("deflate", 1):
                let file = VectorFile(path: DeflateVectors.path, root: DeflateVectors.root)
                try write(file.formatted, to: file.path)
            case ("seeds", 2): try writeSeeds(to: arguments[1])
            default: end(usage, status: 64)
            }
        } catch {
            end("wsconform-vectors: \(error)", status: 1)
        }
    }

    private static func end(_ text: String, status: CInt) -> Never {
        writeError(text + "\n")
        exit(status)
    }

    private static func lint() throws {
        var problems: [String] = []
        for file in try files() {
            problems += file.problems
            let written = try String(decoding: read(file.path), as: UTF8.self)
            if written != file.formatted { problems.append("\(file.path): not in its form; run format") }
        }
        let catalogue = "Vectors/catalogue.json"
        if try String(decoding: read(catalogue), as: UTF8.self) != CatalogueExport.text {
            problems.append("\(catalogue): not that of the scenarios as they are now; run catalogue")
        }
        guard problems.isEmpty else { throw VectorTrouble("\n" + problems.joined(separator: "\n")) }
    }

    /// The files of `Vectors/`, in order.
    static func files() throws -> [VectorFile] {
        let topics = ["close", "extensions", "frames", "handshake", "utf8"]
        let single = try VectorFile(path: DeflateVectors.path, octets: read(DeflateVectors.path))
        return try [single]
            + topics.flatMap { topic in
                let names = try FileManager.default.contentsOfDirectory(atPath: "Vectors/\(topic)")
                return try names.filter { $0.hasSuffix(".json") }.sorted().map { name in
                    let path = "Vectors/\(topic)/\(name)"
                    return try VectorFile(path: path, octets: read(path))
                }
            }
    }

    private static func read(_ path: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw VectorTrouble("\(path): cannot be read; run this at the top of the checkout")
        }
        return Array(data)
    }

    private static func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path))
    }

    private static func writeSeeds(to folder: String) throws {
        for (target, inputs) in Seeds(try files()).files.sorted(by: { $0.key < $1.key }) {
            let path = "\(folder)/\(target)"
            try? FileManager.default.removeItem(atPath: path)
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            for (name, octets) in inputs { try Data(octets).write(to: URL(filePath: "\(path)/\(name)")) }
            print("\(target): \(inputs.count) seeds")
        }
    }
}

/// Writes to standard error, which `print` does not reach.
private func writeError(_ text: String) {
    let octets = Array(text.utf8)
    _ = unsafe octets.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
}

/// The scenarios as others can read them.
enum CatalogueExport {
    static var text: String {
        let scenarios = Catalogue.all.sorted { $0.id < $1.id }.map { scenario in
            "    "
                + JSON.object([
                    "id": .string(scenario.id),
                    "title": .string(scenario.title),
                    "requirements": .array(scenario.requirements.map { .string($0) }),
                    "targets": .array(scenario.targets.map(\.rawValue).sorted().map { .string($0) }),
                    "tags": .array(scenario.tags.map(\.rawValue).sorted().map { .string($0) }),
                ]).line
        }
        return """
            {
              "schema": "wsconform-catalogue/1",
              "count": \(scenarios.count),
              "scenarios": [
            \(scenarios.joined(separator: ",\n"))
              ]
            }

            """
    }
}
