import Testing

/// The checks of this target are worth as much as what they find; here they are shown what they have to find.
@Suite struct `Reading source text` {
    @Test(
        arguments: [
            "import NIOCore", "package import NIOCore", "@preconcurrency import NIOCore",
            "@_exported public import NIOCore  // why", "import struct NIOCore.ByteBuffer", "    import NIOCore",
        ]
    )
    func `An import is found in every form`(line: String) {
        #expect(SwiftText("\n\(line)\n").imports.map(\.module) == ["NIOCore"])
        #expect(SwiftText("\n\(line)\n").imports.map(\.line) == [2])
    }

    @Test(arguments: ["// import NIOCore", "let important = 1", "/// `import NIOCore`", "#if canImport(NIOCore)"])
    func `What is no import is none`(line: String) {
        #expect(SwiftText(line).imports.isEmpty)
    }

    @Test func `Foundation beside FoundationEssentials is the same import on a system that has only that`() {
        let portable = """
            #if canImport(FoundationEssentials)
            import FoundationEssentials
            #else
            import Foundation
            #endif
            """
        #expect(SwiftText(portable).imports.map(\.module) == ["FoundationEssentials"])
        #expect(SwiftText("#if os(Linux)\n#else\nimport Foundation\n#endif").imports.map(\.module) == ["Foundation"])
    }

    @Test(
        arguments: [
            "package struct A {", "    package var a: Int { 1 }", "    package init() {}",
            "    package static func a() {}", "    package mutating func a() {}", "    package private(set) var a = 1",
            "    @inlinable package func a() {}", "    @available(macOS 26, *) public let a = 1",
            "public typealias A = Int", "final public class A {}", "    package subscript(a: Int) -> Int { a }",
        ]
    )
    func `A declaration for other modules needs a comment`(line: String) {
        #expect(SwiftText(line).undocumented() == [1])
        #expect(SwiftText("/// A.\n\(line)").undocumented().isEmpty)
        #expect(SwiftText("/// A.\n@frozen\n\(line)").undocumented().isEmpty)
        #expect(SwiftText("// A.\n\(line)").undocumented() == [2])
        #expect(SwiftText("/// A.\n\n\(line)").undocumented() == [3])
    }

    @Test(
        arguments: [
            "package import A", "package extension A {", "struct A {", "package(set) var a = 1", "private func a() {}",
            "// package func a() {}", "package.name = 1",
        ]
    )
    func `Everything else needs none`(line: String) {
        #expect(SwiftText(line).undocumented().isEmpty)
    }

    @Test func `What a protocol requires is documented there`() {
        let port = "protocol Empty {}\nfunc other() {}\npackage protocol Port {\n    init()\n    func open()\n}\n"
        #expect(SwiftText(port).requirements == ["Port", "open"])
        let witness = "extension A: Port {\n    package func open() {}\n    package func close() {}\n}\n"
        #expect(SwiftText(witness).undocumented(besides: SwiftText(port).requirements) == [3])
    }

    @Test func `A file of comments and imports holds nothing`() {
        #expect(!SwiftText("// Nothing yet.\nimport NIOCore\n").hasDeclaration)
        #expect(SwiftText("enum A {}\n").hasDeclaration)
    }

    @Test func `Lines are counted, and wide comments found`() {
        let wide = "    /// " + String(repeating: "x", count: 113)
        #expect(SwiftText("a\nb\n").lineCount == 2)
        #expect(SwiftText("a\nb").lineCount == 2)
        #expect(SwiftText("\(wide)\n\(wide.dropLast())\n").wideDocumentation == [1])
    }

    @Test func `The manifest's targets are found in every form`() {
        let manifest = Manifest(
            """
            func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
                .target(name: name, dependencies: dependencies)
            }
            let package = Package(
                products: [.executable(name: "tool", targets: ["tool"])],
                targets: [
                    // module("Gone", ["A"]),
                    module("A"),
                    module("B", ["A"], resources: [.embedInCode("b.json")]),
                    module(
                        "C",
                        [
                            "A", "B",
                            .product(name: "NIOCore", package: "swift-nio"),
                        ]
                    ),
                    .executableTarget(name: "tool", dependencies: ["C", .target(name: "B")], path: "Sources/tool"),
                    tests("ATests", ["A"], exclude: ["Golden"]),
                ]
            )
            """
        )
        #expect(
            manifest.dependencies == [
                "A": [], "B": ["A"], "C": ["A", "B", "NIOCore"], "tool": ["B", "C"], "ATests": ["A"],
            ]
        )
    }

    @Test func `Links to the repository are told from others`() {
        let text = "[a](a.md) [b](https://example.org/b.md) [c](#c) [d](d/e.md#f) (g)"
        #expect(MarkdownLinks.relative(in: text) == ["a.md", "d/e.md"])
    }
}
