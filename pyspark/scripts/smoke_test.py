"""Shows that the jars of this image work together: run it with submit.sh, without a cluster or a network."""

import tempfile

from pyspark.sql import SparkSession

CLASSES = (
    "org.apache.hadoop.fs.s3a.S3AFileSystem",
    "org.apache.spark.sql.kafka010.KafkaSourceProvider",
    "org.postgresql.Driver",
    "software.amazon.awssdk.transfer.s3.S3TransferManager",
)


def main() -> None:
    with tempfile.TemporaryDirectory() as warehouse:
        spark = (
            SparkSession.builder.appName("smoke-test")
            .config("spark.sql.catalog.local", "org.apache.iceberg.spark.SparkCatalog")
            .config("spark.sql.catalog.local.type", "hadoop")
            .config("spark.sql.catalog.local.warehouse", warehouse)
            .getOrCreate()
        )
        for name in CLASSES:
            spark.sparkContext._jvm.java.lang.Class.forName(name)

        spark.range(3).writeTo("local.db.numbers").create()
        count = spark.table("local.db.numbers").count()
        spark.stop()
    if count != 3:
        raise SystemExit(f"read {count} rows back from Iceberg, expected 3")
    print("ok")


if __name__ == "__main__":
    main()
