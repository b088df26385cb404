// swift-tools-version: 6.3
import PackageDescription

let package = Package(
    name: "swift-servers",
    platforms: [.macOS(.v26)],
    dependencies: [
        .package(name: "wsconform", path: "../../.."),
        .package(url: "https://github.com/apple/swift-nio", .upToNextMinor(from: "2.101.2")),
        .package(url: "https://github.com/swhitty/FlyingFox", exact: "0.27.1"),
    ],
    targets: [
        .testTarget(
            name: "SwiftServersTests",
            dependencies: [
                .product(name: "WSConform", package: "wsconform"),
                .product(name: "FlyingFox", package: "FlyingFox"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
            ]
        )
    ]
)
