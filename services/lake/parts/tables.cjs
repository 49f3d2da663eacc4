// The database of the lake and its tables, of which Athena and its kind learn where the Parquet lies and what is in it. By partition
// projection: no crawler, and nothing to add when a day begins. https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html
const tables = require('../tables.json');

module.exports = async ({ resolveVariable }) => {
  const stage = await resolveVariable('sls:stage');
  const bucket = { 'Fn::ImportValue': `duo-storage-${stage}-BucketName` };
  return {
    Resources: {
      LakeDatabase: {
        Type: 'AWS::Glue::Database',
        Properties: {
          CatalogId: { Ref: 'AWS::AccountId' },
          DatabaseInput: {
            // Athena takes no hyphen without quotes.
            Name: `duo_${stage.replaceAll('-', '_')}`,
            Description: "Duo's logs as OCSF events",
          },
        },
      },
      ...Object.fromEntries(tables.map((table) => [idOf(table), tableOf(table, bucket)])),
    },
    Outputs: { LakeDatabase: { Value: { Ref: 'LakeDatabase' } } },
  };
};

/** `account_change`: AccountChangeTable. */
function idOf({ name }) {
  const words = name.split('_').map((word) => word[0].toUpperCase() + word.slice(1));
  return `${words.join('')}Table`;
}

function tableOf({ name, class_uid, columns }, bucket) {
  const location = ['s3://', bucket, `/lake/${name}/`];
  return {
    Type: 'AWS::Glue::Table',
    Properties: {
      CatalogId: { Ref: 'AWS::AccountId' },
      DatabaseName: { Ref: 'LakeDatabase' },
      TableInput: {
        Name: name,
        Description: `OCSF events of the class ${class_uid}`,
        TableType: 'EXTERNAL_TABLE',
        PartitionKeys: ['region', 'accountid', 'eventday'].map((key) => ({ Name: key, Type: 'string' })),
        Parameters: {
          EXTERNAL: 'TRUE',
          classification: 'parquet',
          'projection.enabled': 'true',
          'projection.region.type': 'enum',
          'projection.region.values': { Ref: 'AWS::Region' },
          'projection.accountid.type': 'enum',
          'projection.accountid.values': { Ref: 'AWS::AccountId' },
          'projection.eventday.type': 'date',
          'projection.eventday.format': 'yyyyMMdd',
          'projection.eventday.range': '20200101,NOW',
          'projection.eventday.interval': '1',
          'projection.eventday.interval.unit': 'DAYS',
          // In pieces: neither the framework nor CloudFormation is to take these for variables of theirs.
          'storage.location.template': {
            'Fn::Join': [
              '$',
              [
                { 'Fn::Join': ['', [...location, 'region=']] },
                '{region}/accountId=',
                '{accountid}/eventDay=',
                '{eventday}/',
              ],
            ],
          },
        },
        StorageDescriptor: {
          Columns: columns.map((column) => ({ Name: column.name, Type: glueType(column) })),
          Location: { 'Fn::Join': ['', location] },
          InputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
          OutputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
          SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
        },
      },
    },
  };
}

/** The type of a column (packages/duo-lake) in Glue's words: `array<struct<name:string,type_id:int>>`. */
function glueType({ type, isList, columns }) {
  const words = {
    json: () => 'string',
    struct: () => `struct<${columns.map((inner) => `${inner.name}:${glueType(inner)}`).join(',')}>`,
  };
  const one = words[type]?.() ?? type;
  return isList ? `array<${one}>` : one;
}
